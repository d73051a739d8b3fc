// A document on its paper: a click on a number tells where it comes from in the panel, without leaving the page.
"use strict";
(() => {
  const sheets = document.getElementById("sheets");
  if (!sheets) return;
  let asked = null;
  const mark = (key) => {
    for (const one of sheets.querySelectorAll(".figure")) one.classList.toggle("on", one.dataset.key === key);
  };
  sheets.addEventListener("click", (event) => {
    const link = event.target.closest("a.figure");
    if (!link || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    asked = link;
    window.htmx.ajax("GET", link.href, { target: "#fig", swap: "outerHTML" }).then(() => {
      mark(link.dataset.key);
      history.replaceState(null, "", link.href);
      const panel = document.getElementById("fig");
      if (panel && window.innerWidth <= 1100) panel.scrollIntoView({ block: "start" });
    });
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const from = event.detail.requestConfig && event.detail.requestConfig.elt;
    if (from && from.dataset && from.dataset.key) mark(from.dataset.key);
  });
  document.addEventListener("click", (event) => {
    const back = event.target.closest && event.target.closest(".backto");
    if (!back) return;
    const to = asked && asked.isConnected ? asked : sheets.querySelector(".figure.on");
    if (!to) return;
    event.preventDefault();
    to.focus({ preventScroll: true });
    to.scrollIntoView({ block: "center" });
  });
  const now = new URLSearchParams(location.search).get("figure");
  if (now) mark(now);
})();
