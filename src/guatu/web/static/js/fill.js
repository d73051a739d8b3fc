// Filling a return in: rows are added and taken away in place, what is still missing is counted, the time at work measured.
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
    }
    body.append(row);
    return row;
  };

  const count = () => {
    const cells = [...form.querySelectorAll("[data-needed]")];
    const missing = cells.filter((cell) => {
      const inputs = [...cell.querySelectorAll("input.in, select.in, textarea.in")];
      return inputs.length && inputs.every((input) => !input.value.trim());
    }).length;
    left.textContent = missing ? form.dataset.left.replace("{n}", missing) : form.dataset.whole;
    left.classList.toggle("some", missing > 0);
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
