// Filling a return in: rows are added and taken away in place, files go up as they are chosen, what is still missing is
// counted, the time at work measured.
// Without this script the buttons do the same by asking the server; saving of itself is htmx's.
"use strict";
(() => {
  const form = document.getElementById("fill");
  if (!form) return;
  const IDLE = 60;
  const body = document.getElementById("fillrows");
  const blank = document.getElementById("blankrow");
  const left = document.getElementById("left");

  const places = () =>
    [...form.querySelectorAll("input[type=hidden]")]
      .map((input) => /^r(\d+)-item$/.exec(input.name))
      .filter(Boolean)
      .map((match) => Number(match[1]));

  const add = (place) => {
    const row = blank.content.firstElementChild.cloneNode(true);
    for (const input of row.querySelectorAll("[name]")) {
      input.name = input.name.replace(/^r9999-/, `r${place}-`);
      if (input.value === "remove-9999") input.value = `remove-${place}`;
      if (input.dataset.box) input.dataset.box = input.dataset.box.replace(/^r9999-/, `r${place}-`);
      if (input.type === "file") input.name = input.name.replace(/^up-r9999-/, `up-r${place}-`);
    }
    body.append(row);
    return row;
  };

  const holds = (around) =>
    Boolean(around.querySelector("[data-paper]")) ||
    [...around.querySelectorAll("input[type=file]")].some((input) => input.files.length);

  const isEmpty = (cell) => {
    if (cell.querySelector("[data-box]")) return !holds(cell);
    const inputs = [...cell.querySelectorAll("input.in, select.in, textarea.in")];
    return inputs.length > 0 && inputs.every((input) => !input.value.trim());
  };

  const count = () => {
    const missing = [...form.querySelectorAll("[data-needed]")].filter(isEmpty).length;
    const scan = document.getElementById("scan");
    const unsigned = Boolean(scan) && !holds(scan);
    const doubtful = [...form.querySelectorAll(".fillcell")].filter(
      (cell) => cell.querySelector(".question") && cell.querySelector(".sure input:not(:checked)"),
    ).length;
    const none = Boolean(body) && !body.children.length;
    const words = none ? "none" : missing ? (unsigned ? "leftScan" : "left") : unsigned ? "scan" : doubtful ? "doubtful" : "whole";
    left.textContent = form.dataset[words].replace("{n}", missing || doubtful);
    left.classList.toggle("some", none || missing > 0 || unsigned || doubtful > 0);
  };

  const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));

  if (body && blank) {
    // What this device has kept may hold more rows than the page: they are made before they are filled.
    try {
      const kept = JSON.parse(localStorage.getItem(`guatu.draft:${form.dataset.draft}`) || "{}");
      const there = new Set(places());
      for (const name of Object.keys(kept)) {
        const match = /^r(\d+)-title$/.exec(name);
        if (match && !there.has(Number(match[1]))) {
          there.add(Number(match[1]));
          add(Number(match[1]));
        }
      }
    } catch {
      /* nothing was kept */
    }
    form.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if ("add" in button.dataset) {
        event.preventDefault();
        add(Math.max(-1, ...places()) + 1).querySelector("input.in").focus();
        count();
      } else if ("remove" in button.dataset) {
        event.preventDefault();
        button.closest("tr").remove();
        changed();
      }
    });
  }

  // A file goes up as soon as it is chosen, one choice after the other: two photographs of one sheet must not overtake
  // each other. Where that does not succeed it goes with the form.
  const send = async (input, place, name, files) => {
    const now = [...form.querySelectorAll("[data-box]")].find((one) => one.dataset.box === place);
    if (!now) return; // its row has been taken away
    const box = now.closest("[data-boxed]");
    const sending = box.querySelector(".sending");
    const sent = new FormData();
    sent.append("csrfmiddlewaretoken", form.elements.namedItem("csrfmiddlewaretoken").value);
    sent.append("box", place);
    for (const mark of box.querySelectorAll("[data-paper]")) sent.append(mark.name, mark.value);
    for (const file of files) sent.append(name, file);
    sending.textContent = form.dataset.sending;
    sending.hidden = false;
    try {
      const answer = await fetch(form.dataset.paperTo, { method: "POST", body: sent, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-boxed]");
      box.replaceWith(fresh);
      const next = fresh.querySelector("input[type=file]");
      if (next) next.focus();
    } catch {
      if (!input.isConnected) {
        const again = new DataTransfer();
        for (const file of files) again.items.add(file);
        now.files = again.files;
      }
      sending.textContent = form.dataset.unsent;
    }
    changed();
  };

  let turn = Promise.resolve();
  form.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file" || !input.dataset.box || !input.files.length) return;
    const files = [...input.files];
    turn = turn.then(() => send(input, input.dataset.box, input.name, files)).catch(() => {});
  });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-drop]");
    if (!button) return;
    event.preventDefault();
    button.closest(".keptpaper").remove();
    changed();
  });

  form.addEventListener("input", count);
  count();

  const seconds = form.elements.namedItem("seconds");
  let touched = 0;
  form.addEventListener("input", () => {
    touched = Date.now();
  });
  setInterval(() => {
    if (!document.hidden && touched && Date.now() - touched < IDLE * 1000) seconds.value = Number(seconds.value || 0) + 1;
  }, 1000);
})();
