// A file dropped anywhere on its field is taken; its name is shown.
"use strict";
for (const field of document.querySelectorAll(".drop-file")) {
  const input = field.querySelector("input[type=file]");
  const name = field.querySelector("b");
  const words = name.textContent;
  const shown = () => {
    name.textContent = input.files.length ? input.files[0].name : words;
    input.form.querySelector("textarea[name=text]").required = false;
  };
  input.addEventListener("change", shown);
  for (const kind of ["dragenter", "dragover"]) {
    field.addEventListener(kind, (event) => {
      event.preventDefault();
      field.classList.add("over");
    });
  }
  field.addEventListener("dragleave", () => field.classList.remove("over"));
  field.addEventListener("drop", (event) => {
    event.preventDefault();
    field.classList.remove("over");
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      shown();
    }
  });
}
