// The frame's small comforts: "/" goes to the search, Escape and a click outside close an open menu, a form that must not be sent
// twice is sent once.
"use strict";
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    const search = document.querySelector(".search input[type=search]");
    if (search && search.offsetParent) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  }
  if (event.key === "Escape") {
    for (const open of document.querySelectorAll("details.drop[open]")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  }
});
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.drop[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]") || event.defaultPrevented) return;
  if (form.dataset.once === "sent") event.preventDefault();
  form.dataset.once = "sent";
  for (const button of form.querySelectorAll("button[type=submit]")) setTimeout(() => (button.disabled = true));
});
addEventListener("pageshow", (event) => {
  for (const form of event.persisted ? document.querySelectorAll("form[data-once=sent]") : []) {
    form.dataset.once = "";
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  }
});
