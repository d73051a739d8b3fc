// Opens a cell in place: the panel comes alone, the chart stays where it is. Without this script the links work as they are.
"use strict";
(() => {
  const plain = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  const mark = (cell) => {
    for (const other of document.querySelectorAll("table.wall td.on")) other.classList.remove("on");
    if (cell) cell.classList.add("on");
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("table.wall td a");
    if (!link || !plain(event)) return;
    event.preventDefault();
    const cell = link.parentElement;
    htmx.ajax("GET", link.href, { target: "#panel", swap: "outerHTML" }).then(() => {
      mark(cell);
      history.pushState({}, "", link.href);
      const opened = document.getElementById("panel");
      if (opened) opened.focus();
    });
  });
  const shut = (close) => {
    const cell = document.querySelector("table.wall td.on a");
    document.getElementById("panel").hidden = true;
    mark(null);
    history.pushState({}, "", close.href);
    if (cell) cell.focus();
  };
  document.addEventListener("click", (event) => {
    const close = event.target.closest("#panel a.x");
    if (!close || !plain(event)) return;
    event.preventDefault();
    shut(close);
  });
  // Before the frame's own Escape: an open menu closes first, the panel with the next stroke.
  document.addEventListener(
    "keydown",
    (event) => {
      const close = document.querySelector("#panel:not([hidden]) a.x");
      if (event.key === "Escape" && close && !document.querySelector("details.drop[open]")) shut(close);
    },
    true,
  );
  window.addEventListener("popstate", () => location.reload());
  const cell = document.querySelector("table.wall td.on");
  if (cell) cell.scrollIntoView({ block: "center", inline: "nearest" });
})();
