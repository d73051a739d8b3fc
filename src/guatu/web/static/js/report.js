// The number whose source the panel shows is marked in the text, and the panel leads back to it.
"use strict";
let asked;
document.addEventListener("htmx:afterSwap", (event) => {
  const from = event.detail.requestConfig && event.detail.requestConfig.elt;
  asked = from && from.classList.contains("fig") ? from : undefined;
  const key = from && from.dataset.key;
  if (!key) return;
  for (const figure of document.querySelectorAll(".fig")) figure.classList.toggle("on", figure.dataset.key === key);
  const panel = document.getElementById("fig");
  if (panel && window.innerWidth <= 1100) panel.scrollIntoView({ block: "start" });
});
// Back to the very mention that was clicked; without a script the link leads to the first one.
document.addEventListener("click", (event) => {
  const back = event.target.closest && event.target.closest(".backto");
  if (!back || !asked || !asked.isConnected) return;
  event.preventDefault();
  asked.focus({ preventScroll: true });
  asked.scrollIntoView({ block: "center" });
});
