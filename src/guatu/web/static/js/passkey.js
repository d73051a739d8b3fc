// A passkey: ask the device when the button is pressed, put its answer into the form, send the form.
"use strict";
(() => {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("[data-ask]");
    const said = form.querySelector("[data-said]");
    const say = (words) => {
      said.textContent = words;
      said.hidden = false;
    };
    const able = window.isSecureContext && window.PublicKeyCredential && window.webauthnJSON;
    if (!able) {
      button.disabled = true;
      say(form.dataset.missing);
      continue;
    }
    const options = JSON.parse(document.getElementById(form.dataset.options).textContent);
    button.addEventListener("click", async () => {
      said.hidden = true;
      button.disabled = true;
      try {
        const answer = await window.webauthnJSON[form.dataset.passkey](options);
        form.elements.credential.value = JSON.stringify(answer);
        form.submit();
      } catch {
        button.disabled = false;
        say(form.dataset.stopped);
      }
    });
  }
})();
