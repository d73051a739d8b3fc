// Keyboard on a list: j and k move the bar, Enter opens the row.
"use strict";
document.addEventListener("keydown", (event) => {
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = [...document.querySelectorAll("table.listing tbody tr")];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.classList.contains("here"));
  if (event.key === "j" || event.key === "k") {
    const next = Math.min(Math.max(at + (event.key === "j" ? 1 : -1), 0), rows.length - 1);
    if (at >= 0) rows[at].classList.remove("here");
    rows[next].classList.add("here");
    const link = rows[next].querySelector("a.t");
    link.focus({ preventScroll: true });
    rows[next].scrollIntoView({ block: "nearest" });
    event.preventDefault();
  }
});
