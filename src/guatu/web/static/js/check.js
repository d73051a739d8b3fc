// Files dropped anywhere on their field are taken; their names are shown. The mark that was followed keeps its ring.
"use strict";
for (const field of document.querySelectorAll(".drop-file")) {
  const input = field.querySelector("input[type=file]");
  const name = field.querySelector("b");
  const words = name.textContent;
  const shown = () => {
    const files = [...input.files].map((file) => file.name);
    if (files.length > 1) {
      name.textContent = `${name.dataset.many.replace("{n}", files.length)}：${files.join("、")}`;
    } else {
      name.textContent = files.length ? files[0] : words;
    }
    const typed = input.form.querySelector("textarea[name=text]");
    if (typed) typed.required = false;
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
