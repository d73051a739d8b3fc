// A button that copies a text area; without it the text can be selected and copied by hand.
"use strict";
for (const button of document.querySelectorAll("button[data-copy]")) {
  const area = document.getElementById(button.dataset.copy);
  if (!area) continue;
  button.hidden = false;
  const words = button.textContent;
  button.addEventListener("click", async () => {
    let said = button.dataset.done;
    area.select();
    try {
      if (navigator.clipboard) await navigator.clipboard.writeText(area.value);
      else if (!document.execCommand("copy")) said = button.dataset.failed;
    } catch {
      said = document.execCommand("copy") ? button.dataset.done : button.dataset.failed;
    }
    button.textContent = said;
    setTimeout(() => {
      button.textContent = words;
    }, 3000);
  });
}
