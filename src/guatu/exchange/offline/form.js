"use strict";
// One file that is filled without any network: shows the rows, keeps what is typed on this device, saves a file to bring back.
(function () {
  var told = JSON.parse(document.getElementById("data").textContent);
  var form = document.getElementById("form"), state = document.getElementById("state");
  var kept = "guatu-offline:" + told.id, fresh = 0;
  var number = /^\s*[-+]?[\d,，\s]+(\.\d+)?\s*(%|万元|亿元|元|万|亿)?\s*$/;

  function element(name, more, text) {
    var made = document.createElement(name);
    Object.keys(more || {}).forEach(function (key) { made.setAttribute(key, more[key]); });
    if (text !== undefined) { made.textContent = text; }
    return made;
  }

  function offered(column, row) {
    if (column.within === null) { return column.choices; }
    var above = form.querySelector('[data-row="' + row + '"][data-at="' + column.within + '"]');
    var chosen = above ? (above.value === undefined ? above.textContent : above.value) : "";
    return column.by[chosen] || column.loose;
  }

  function fillChoices(input, column, row, value) {
    input.textContent = "";
    input.appendChild(element("option", { value: "" }, ""));
    var all = offered(column, row).slice();
    if (value && all.indexOf(value) < 0) { all.push(value); }
    all.forEach(function (one) { input.appendChild(element("option", { value: one }, one)); });
    input.value = value;
  }

  function control(column, at, row, value) {
    var input;
    if (column.choices.length) {
      input = element("select");
    } else if (column.type === "long_text") {
      input = element("textarea", { rows: "3" });
    } else {
      input = element("input", { type: column.type === "date" ? "date" : "text", autocomplete: "off" });
      if (["integer", "decimal", "money", "percent"].indexOf(column.type) >= 0) { input.setAttribute("inputmode", "decimal"); }
    }
    input.dataset.row = row;
    input.dataset.at = at;
    if (column.choices.length) { fillChoices(input, column, row, value); } else { input.value = value; }
    return input;
  }

  function rowOf(row, cells, free) {
    var box = element("fieldset", { "data-box": row });
    box.appendChild(element("legend", {}, cells[0] || told.words.fresh));
    told.columns.forEach(function (column, at) {
      if (at === 0) { return; }
      var wide = column.type === "long_text" || column.key === "@title";
      var label = element("label", wide ? { class: "long" } : {}, column.label);
      if (column.needed) { label.appendChild(element("b", { title: told.words.needed }, " *")); }
      var value = cells[at];
      if (free[at]) {
        label.appendChild(control(column, at, row, value));
      } else {
        label.appendChild(element("output", { "data-row": row, "data-at": at }, value));
      }
      label.appendChild(element("p", { class: "sentence", hidden: "" }));
      if (column.help) { label.title = column.help; }
      box.appendChild(label);
    });
    form.appendChild(box);
    return box;
  }

  function add(cells) {
    var row = "n" + fresh, free = told.columns.map(function (column) { return column.fills; });
    fresh += 1;
    var box = rowOf(row, cells || told.columns.map(function (column) { return column.first || ""; }), free);
    var away = element("button", { type: "button", class: "away" }, told.words.away);
    away.addEventListener("click", function () { box.remove(); keep(); });
    box.querySelector("legend").appendChild(away);
    return box;
  }

  function said(row, at) {
    var found = form.querySelector('[data-row="' + row + '"][data-at="' + at + '"]');
    if (!found) { return ""; }
    return found.tagName === "OUTPUT" ? found.textContent : found.value;
  }

  function boxes(kind) {
    return Array.prototype.filter.call(form.querySelectorAll("[data-box]"), function (box) {
      return (box.dataset.box.charAt(0) === "n") === (kind === "new");
    });
  }

  function cellsOf(row, first) {
    return told.columns.map(function (column, at) { return at === 0 ? first : said(row, at); });
  }

  function filled(cells) {
    return told.columns.some(function (column, at) { return column.fills && cells[at].trim() && cells[at] !== (column.first || ""); });
  }

  function newRows() {
    return boxes("new").map(function (box) { return cellsOf(box.dataset.box, ""); }).filter(filled);
  }

  function keep() {
    var now = { old: told.rows.map(function (row, place) { return cellsOf(String(place), row.cells[0]); }), fresh: newRows() };
    try {
      localStorage.setItem(kept, JSON.stringify(now));
      state.textContent = told.words.kept.replace("{time}", new Date().toTimeString().slice(0, 5));
    } catch (error) {
      state.textContent = told.words.not_kept;
    }
  }

  function refuse(input, sentence) {
    var place = input.parentNode.querySelector(".sentence");
    input.classList.toggle("wrong", Boolean(sentence));
    input.setAttribute("aria-invalid", sentence ? "true" : "false");
    place.hidden = !sentence;
    place.textContent = sentence;
    return !sentence;
  }

  function judge(input, needed) {
    var column = told.columns[Number(input.dataset.at)], value = input.value.trim(), sentence = "";
    if (!value) {
      sentence = column.needed && needed ? told.words.missing.replace("{label}", column.label) : "";
    } else if (column.type === "integer" && !/^[-+]?[\d,，\s]+\S{0,4}$/.test(value)) {
      sentence = told.words.whole.replace("{label}", column.label).replace("{value}", value);
    } else if (["decimal", "money", "percent"].indexOf(column.type) >= 0 && !number.test(value)) {
      sentence = told.words.number.replace("{label}", column.label).replace("{value}", value);
    }
    return refuse(input, sentence);
  }

  function whole() {
    var good = true;
    Array.prototype.forEach.call(form.querySelectorAll("[data-box]"), function (box) {
      var row = box.dataset.box, isNew = row.charAt(0) === "n";
      if (isNew && !filled(cellsOf(row, ""))) { return; }
      Array.prototype.forEach.call(box.querySelectorAll("input, select, textarea"), function (input) {
        if (!judge(input, true) && good) { good = false; box.hidden = false; input.focus(); }
      });
    });
    return good;
  }

  function save() {
    if (!whole()) { state.textContent = told.words.wrong; return; }
    var rows = [told.keys, told.heads];
    told.rows.forEach(function (row, place) { rows.push(cellsOf(String(place), row.cells[0])); });
    var body = { kind: told.kind, sheet: told.sheet, rows: rows.concat(newRows()), mark: told.mark };
    var link = element("a", {
      href: URL.createObjectURL(new Blob([JSON.stringify(body)], { type: "application/json" })),
      download: told.file
    });
    document.body.appendChild(link);
    link.click();
    link.remove();
    state.textContent = told.words.saved.replace("{file}", told.file);
  }

  function start() {
    var before = null;
    try { before = JSON.parse(localStorage.getItem(kept) || "null"); } catch (error) { before = null; }
    told.rows.forEach(function (row, place) {
      var cells = before && before.old && before.old[place] ? before.old[place] : row.cells;
      var shown = told.columns.map(function (column, at) { return row.free[at] ? cells[at] : row.cells[at]; });
      rowOf(String(place), shown, row.free);
    });
    if (before && before.fresh) { before.fresh.forEach(add); }
    if (!told.rows.length && !boxes("new").length) { add(); }
    if (before) { state.textContent = told.words.back; }
  }

  // Among many rows one finds one's own: by number, unit, title or anything else that a row says.
  function find() {
    var wanted = document.getElementById("find").value.trim().toLowerCase(), all = boxes("old"), shown = 0;
    all.forEach(function (box) {
      var row = box.dataset.box;
      var fits = !wanted || cellsOf(row, told.rows[Number(row)].cells[0]).join("\n").toLowerCase().indexOf(wanted) >= 0;
      box.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    document.getElementById("found").textContent = told.words.found.replace("{n}", shown).replace("{all}", all.length);
  }

  form.addEventListener("change", function (event) {
    var input = event.target, at = Number(input.dataset.at);
    judge(input, false);
    told.columns.forEach(function (column, place) {
      if (column.within === at) {
        var below = form.querySelector('select[data-row="' + input.dataset.row + '"][data-at="' + place + '"]');
        if (below) { fillChoices(below, column, input.dataset.row, offered(column, input.dataset.row).indexOf(below.value) < 0 ? "" : below.value); }
      }
    });
    keep();
  });
  document.getElementById("add").addEventListener("click", function () {
    var input = add().querySelector("input, select, textarea");
    if (input) { input.focus(); }
  });
  document.getElementById("add").hidden = !told.may_add;
  document.getElementById("save").addEventListener("click", save);
  start();
  if (told.rows.length > told.many) {
    document.getElementById("finding").hidden = false;
    document.getElementById("find").addEventListener("input", find);
    find();
  }
}());
