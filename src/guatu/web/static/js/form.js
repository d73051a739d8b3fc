// Long forms: what is typed is kept on this device until it is saved, and a long list can be searched.
"use strict";
(() => {
  const SENT = "guatu.sent";
  const PREFIX = "guatu.draft:";
  const store = (() => {
    try {
      localStorage.setItem("guatu.probe", "1");
      localStorage.removeItem("guatu.probe");
      return localStorage;
    } catch {
      return null;
    }
  })();

  const fieldsOf = (form) =>
    [...form.elements].filter((each) => each.name && !["hidden", "file", "submit", "button"].includes(each.type));

  const valuesOf = (form) => {
    const found = {};
    for (const each of fieldsOf(form)) {
      if ((each.type === "checkbox" || each.type === "radio") && !each.checked) continue;
      (found[each.name] = found[each.name] || []).push(each.value);
    }
    return found;
  };

  const fill = (form, values) => {
    for (const each of fieldsOf(form)) {
      const given = values[each.name] || [];
      if (each.type === "checkbox" || each.type === "radio") each.checked = given.includes(each.value);
      else if (given.length) each.value = given[0];
    }
  };

  const notice = (form, key) => {
    const line = document.createElement("p");
    line.className = "why n restored";
    line.setAttribute("role", "status");
    line.append(form.dataset.restored + " ");
    const clear = document.createElement("button");
    clear.type = "button";
    clear.className = "btn sm";
    clear.textContent = form.dataset.clear;
    clear.addEventListener("click", () => {
      store.removeItem(PREFIX + key);
      form.reset();
      line.remove();
    });
    line.append(clear);
    form.prepend(line);
    const around = form.closest("details");
    if (around) around.open = true;
  };

  const same = (left, right) => JSON.stringify(left) === JSON.stringify(right);

  if (store) {
    const sent = sessionStorage.getItem(SENT);
    if (sent && document.querySelector(".noteband.saved")) store.removeItem(PREFIX + sent);
    sessionStorage.removeItem(SENT);
    for (const form of document.querySelectorAll("form[data-draft]")) {
      const key = form.dataset.draft;
      const empty = valuesOf(form);
      const kept = "fresh" in form.dataset && store.getItem(PREFIX + key);
      if (kept) {
        let values = null;
        try {
          values = JSON.parse(kept);
        } catch {
          store.removeItem(PREFIX + key);
        }
        if (values && !same(values, empty)) {
          fill(form, values);
          notice(form, key);
        }
      }
      let waiting = 0;
      const keep = () => {
        const values = valuesOf(form);
        if (same(values, empty)) store.removeItem(PREFIX + key);
        else store.setItem(PREFIX + key, JSON.stringify(values));
      };
      form.addEventListener("input", () => {
        clearTimeout(waiting);
        waiting = setTimeout(keep, 400);
      });
      form.addEventListener("submit", () => {
        clearTimeout(waiting);
        keep();
        sessionStorage.setItem(SENT, key);
      });
    }
  }

  for (const select of document.querySelectorAll("select[data-search]")) {
    const rows = [...select.options].map((option) => ({
      option,
      group: option.parentElement.tagName === "OPTGROUP" ? option.parentElement : null,
    }));
    const box = document.createElement("input");
    box.type = "search";
    box.className = "in search-units";
    box.placeholder = select.dataset.search;
    box.setAttribute("aria-label", select.dataset.search);
    box.autocomplete = "off";
    select.before(box);
    box.addEventListener("input", () => {
      const wanted = box.value.trim().toLowerCase();
      const chosen = select.value;
      const groups = new Set(rows.map((row) => row.group).filter(Boolean));
      for (const group of groups) group.remove();
      let hits = 0;
      for (const { option, group } of rows) {
        option.remove();
        const label = group ? group.label.toLowerCase() : "";
        const fits = !option.value || option.value === chosen || option.text.toLowerCase().includes(wanted) || label.includes(wanted);
        if (!fits) continue;
        if (group) {
          if (!group.isConnected) select.append(group);
          group.append(option);
        } else {
          select.append(option);
        }
        if (option.value) hits += 1;
      }
      if (wanted && hits === 1) select.value = [...select.options].find((option) => option.value).value;
      else select.value = chosen;
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        select.focus();
      }
    });
  }

  // Files: what was chosen is named; a picture in the clipboard can be pasted where files are chosen.
  const named = (box) => {
    const names = [...box.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files].map((file) => file.name));
    let list = box.querySelector(".chosenfiles");
    if (!list) {
      list = document.createElement("ul");
      list.className = "chosenfiles";
      list.setAttribute("aria-live", "polite");
      box.append(list);
    }
    list.replaceChildren(
      ...names.map((name) => {
        const line = document.createElement("li");
        line.textContent = name;
        return line;
      }),
    );
  };

  document.addEventListener("change", (event) => {
    const box = event.target.closest(".choosefiles");
    if (box && event.target.type === "file") named(box);
  });

  const visible = (box) => box.offsetParent !== null;
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData ? event.clipboardData.files : [])];
    if (!files.length) return;
    const at = document.activeElement;
    const types = event.clipboardData.types;
    // Cells copied from a spreadsheet come as text and as a picture: where somebody types, the text is meant.
    if (types.includes("text/plain") && at && at.matches("input:not([type=file]), textarea")) return;
    const around = at && at.closest("form");
    const boxes = [...document.querySelectorAll(".choosefiles")].filter(visible);
    const many = boxes.filter((one) => one.querySelector("input[type=file][multiple]"));
    const box = (at && at.closest(".choosefiles")) || many.find((one) => around && around.contains(one)) || many[0];
    const input = box && (box.querySelector("input[type=file][multiple]") || box.querySelector("input[type=file]"));
    if (!input) return;
    event.preventDefault();
    const all = new DataTransfer();
    if (input.multiple) for (const file of input.files) all.items.add(file);
    for (const file of input.multiple ? files : files.slice(-1)) {
      const dot = file.name.lastIndexOf(".");
      const ending = dot > 0 ? file.name.slice(dot) : "";
      const stamp = new Date().toTimeString().slice(0, 8).replaceAll(":", "");
      const name = /^image\.\w+$/.test(file.name) ? `${box.dataset.pasted}-${stamp}${ending}` : file.name;
      all.items.add(new File([file], name, { type: file.type }));
    }
    input.files = all.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
