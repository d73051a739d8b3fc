// A list by keyboard, and the bar for the rows that are chosen. Without this script every box and button still works.
"use strict";
(() => {
  const table = document.querySelector("table.listing");
  const bulk = document.getElementById("bulk");
  const help = document.getElementById("keys");
  const rows = table ? [...table.tBodies[0].rows] : [];
  const box = (row) => row.querySelector("input[name=item]");

  function go(by) {
    const at = rows.findIndex((row) => row.classList.contains("here"));
    const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
    if (at >= 0) rows[at].classList.remove("here");
    next.classList.add("here");
    next.querySelector("a.t").focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  function told() {
    const chosen = rows.filter((row) => box(row).checked);
    for (const row of rows) row.classList.toggle("sel", box(row).checked);
    const all = document.getElementById("pick-all");
    all.checked = chosen.length === rows.length;
    all.indeterminate = chosen.length > 0 && chosen.length < rows.length;
    bulk.hidden = chosen.length === 0;
    const units = new Set(chosen.map((row) => row.dataset.unit));
    bulk.querySelector(".said").textContent = bulk.dataset.chosen.replace("[n]", chosen.length);
    bulk.querySelector("small").textContent = bulk.dataset.units.replace("[n]", units.size);
  }

  function clear() {
    for (const row of rows) box(row).checked = false;
    told();
  }

  function menu(name) {
    const found = document.querySelector(`details.${name}`);
    if (!found) return;
    found.open = true;
    const first = found.querySelector(".sheet select, .sheet input:not([type=hidden]), .sheet a");
    if (first) first.focus();
  }

  if (bulk && rows.length) {
    const all = document.getElementById("pick-all");
    all.hidden = false;
    bulk.classList.add("live");
    bulk.querySelector(".none").hidden = false;
    table.addEventListener("change", (event) => {
      if (event.target === all) for (const row of rows) box(row).checked = all.checked;
      told();
    });
    bulk.addEventListener("reset", (event) => {
      event.preventDefault();
      clear();
    });
    window.addEventListener("pageshow", told);
    told();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (help && help.open)) return;
    const at = event.target;
    if (/^(TEXTAREA|SELECT)$/.test(at.tagName) || (at.tagName === "INPUT" && at.type !== "checkbox")) return;
    const here = rows.find((row) => row.classList.contains("here"));
    if ((event.key === "j" || event.key === "k") && rows.length) go(event.key === "j" ? 1 : -1);
    else if (event.key === "x" && here) {
      box(here).checked = !box(here).checked;
      told();
    } else if (event.key === "f") menu("filtering");
    else if (event.key === "c") menu("cols-menu");
    else if (event.key === "?" && help) help.showModal();
    else {
      if (event.key === "Escape" && bulk && !bulk.hidden) clear();
      return;
    }
    event.preventDefault();
  });
})();
