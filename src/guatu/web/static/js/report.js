// The number whose source the panel shows is marked in the text.
"use strict";
document.addEventListener("htmx:afterSwap", (event) => {
  const asked = event.detail.requestConfig && event.detail.requestConfig.elt;
  const key = asked && asked.dataset.key;
  if (!key) return;
  for (const figure of document.querySelectorAll(".fig")) figure.classList.toggle("on", figure.dataset.key === key);
  const panel = document.getElementById("fig");
  if (panel && window.innerWidth <= 1100) panel.scrollIntoView({ block: "start" });
});
