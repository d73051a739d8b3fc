// The queue by keyboard, an item in the panel beside it, and the count of what is ticked. Without it every link opens a page.
"use strict";
(() => {
  const rows = [...document.querySelectorAll(".qrow")];
  const panel = document.getElementById("qpanel");
  const form = document.querySelector(".queueform");
  if (!rows.length || !form) return;
  const wide = () => panel && getComputedStyle(panel).display !== "none";
  let shownFor = null;

  const here = () => rows.find((row) => row.classList.contains("here"));
  const go = (row) => {
    const before = here();
    if (before) before.classList.remove("here");
    row.classList.add("here");
    row.querySelector("a.t").focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const page = (row) => row.querySelector("a.t").href;
  const look = (href) => {
    if (href && window.htmx) window.htmx.ajax("GET", href, { target: "#viewer", swap: "innerHTML" });
  };
  // An item beside the list; `paper` is the piece of evidence to be looked at first.
  const open = async (row, paper) => {
    go(row);
    if (!wide()) {
      location.href = page(row);
      return;
    }
    shownFor = row;
    try {
      const answer = await fetch(row.dataset.href, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      const review = found.getElementById("review");
      if (shownFor !== row || !review) throw new Error("other");
      panel.replaceChildren(document.importNode(review, true));
      panel.scrollTop = 0;
      if (window.htmx) window.htmx.process(panel);
      look(paper);
    } catch {
      if (shownFor === row) location.href = page(row);
    }
  };
  const press = (which) => {
    const step = panel && panel.querySelector(which);
    if (!step) return;
    const more = step.querySelector("details.ask");
    if (more) {
      more.open = true;
      const first = more.querySelector("textarea, select, input:not([type=hidden])");
      if (first) first.focus();
    } else {
      const button = step.querySelector("button");
      if (button) button.focus();
    }
  };

  for (const row of rows) {
    row.addEventListener("click", (event) => {
      const link = event.target.closest("a.t, a.btn, .papers a.k");
      if (!link || !wide() || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      open(row, link.dataset.panel);
    });
  }
  // What was just read counts in the row, too; where it was the last of them, the item may be ticked.
  document.addEventListener("htmx:afterSettle", () => {
    const read = document.querySelector("#viewer .look");
    const row = read && document.getElementById(`q-${read.dataset.number}`);
    if (!row) return;
    const said = document.getElementById("papers-seen");
    if (said) row.querySelector(".seencount").textContent = said.textContent;
    const seen = new Set([...document.querySelectorAll("#papers a.seen")].map((one) => one.getAttribute("href")));
    for (const one of row.querySelectorAll(".papers a.k")) one.classList.toggle("seen", seen.has(one.getAttribute("href")));
    const box = row.querySelector("input[name=item][data-unread]");
    if (box && read.dataset.seen === read.dataset.count) box.disabled = false;
  });
  const told = () => {
    const ticked = rows.filter((row) => row.querySelector("input[name=item]:checked"));
    for (const row of rows) row.classList.toggle("sel", ticked.includes(row));
    for (const part of document.querySelectorAll(".bulkstep")) {
      const count = ticked.filter((row) => row.dataset.step === part.dataset.step).length;
      const said = part.querySelector(".said");
      said.dataset.before = said.dataset.before || said.textContent;
      said.textContent = count ? part.dataset.chosen.replace("[n]", count) : said.dataset.before;
    }
  };
  form.addEventListener("change", told);
  window.addEventListener("pageshow", told);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target;
    if (/^(TEXTAREA|SELECT)$/.test(at.tagName) || (at.tagName === "INPUT" && at.type !== "checkbox")) return;
    const now = here();
    const place = rows.indexOf(now);
    if (event.key === "j" || event.key === "k") go(rows[Math.min(Math.max(place + (event.key === "j" ? 1 : -1), 0), rows.length - 1)]);
    else if (event.key === "Enter" && now && (at.classList.contains("t") || at === document.body)) open(now);
    else if (event.key === "o" && now) open(now);
    else if (event.key === "x" && now) {
      const box = now.querySelector("input[name=item]");
      if (box && !box.disabled) {
        box.checked = !box.checked;
        told();
      }
    } else if (event.key === "n" || event.key === "p") {
      const turn = document.querySelector(`#viewer a[rel=${event.key === "n" ? "next" : "prev"}]`);
      const first = document.querySelector("#papers a.k");
      // Asked for by address: what was just swapped in does not hear clicks for another moment.
      if (turn) look(turn.getAttribute("hx-get"));
      else if (first && !document.querySelector("#viewer .look")) look(first.getAttribute("hx-get"));
    } else if (event.key === "a") press(".next > div:first-child");
    else if (event.key === "r") press(".next > div:last-child");
    else return;
    event.preventDefault();
  });

  // After a step the next row opens by itself; the address forgets it, so that to come back opens nothing.
  const following = document.querySelector(".queuerows[data-opens] .qrow.here");
  if (following && wide()) {
    const address = new URL(location.href);
    address.searchParams.delete("open");
    address.hash = ""; // of the form that was sent
    history.replaceState(history.state, "", address);
    open(following);
  }
})();
