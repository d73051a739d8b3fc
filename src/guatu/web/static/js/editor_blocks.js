// Writing a document: its blocks are added, moved, split, joined, removed and brought back.
"use strict";
(() => {
  const editor = window.guatuEditor;
  if (!editor) return;
  const { form, paper, told, EMPTY, blockOf, rtOf, sourceOf, pad, write, place, neighbour } = editor;
  const undone = document.getElementById("undone");
  const changed = () => editor.changed();

  // Only what the chosen kind of a chart or a table asks for.
  const fit = (block) => {
    for (const made of block.querySelectorAll(".made")) {
      const kind = made.querySelector("select[name^=chart-], select[name^=by-]");
      if (!kind) continue;
      for (const one of made.querySelectorAll("[data-for]")) one.hidden = !one.dataset.for.split(" ").includes(kind.value);
    }
  };
  const equip = (block) => {
    fit(block);
    for (const rt of block.querySelectorAll(".rt")) {
      const source = sourceOf(rt);
      source.hidden = true;
      rt.hidden = false;
      rt.contentEditable = "true";
      rt.classList.toggle("empty", !source.value);
      pad(rt);
    }
  };
  const fresh = (kind, style) => {
    const id = `n${Date.now().toString(36)}${Math.random().toString(36).slice(2, 7)}`;
    const block = document.getElementById(`new-${kind}`).content.firstElementChild.cloneNode(true);
    for (const each of [block, ...block.querySelectorAll("*")]) {
      for (const attribute of [...each.attributes]) {
        if (attribute.value.includes("NEWID")) each.setAttribute(attribute.name, attribute.value.replaceAll("NEWID", id));
      }
    }
    for (const hint of block.querySelectorAll(".by-script")) hint.hidden = false;
    equip(block);
    if (style) restyle(block, style);
    return block;
  };
  const restyle = (block, style) => {
    const select = block.querySelector("select.style");
    if (select && [...select.options].some((option) => option.value === style)) select.value = style;
    block.classList.remove("p", "l1", "l2", "l3");
    block.classList.add(style === "p" ? "p" : `l${style}`);
  };
  const put = (block, after) => {
    const empty = after && rtOf(block) === null && rtOf(after) && !sourceOf(rtOf(after)).value;
    if (empty) after.before(block); // whoever asked for a table in an empty paragraph goes on writing below it
    else if (after) after.after(block);
    else paper.append(block);
    changed();
    return block;
  };
  const add = (kind, after, style) => {
    const block = put(fresh(kind, style), after);
    const first = rtOf(block) || block.querySelector("textarea, select, input:not([type=hidden])");
    if (rtOf(block)) place(first);
    else if (first) first.focus();
    block.scrollIntoView({ block: "nearest" });
    return block;
  };
  const move = (block, up) => {
    const other = up ? block.previousElementSibling : block.nextElementSibling;
    if (!other) return;
    if (up) other.before(block);
    else other.after(block);
    place(rtOf(block));
    block.scrollIntoView({ block: "nearest" });
    changed();
  };
  const remove = (block) => {
    const mark = document.createComment("");
    const near = neighbour(block, true) || neighbour(block, false);
    block.replaceWith(mark);
    if (near) place(near);
    changed();
    const back = document.createElement("button");
    back.type = "button";
    back.className = "btn sm";
    back.textContent = told.undo;
    back.addEventListener("click", () => {
      mark.replaceWith(block);
      undone.replaceChildren();
      place(rtOf(block));
      changed();
    });
    undone.replaceChildren(document.createTextNode(`${told.removed} `), back);
  };
  const split = (rt, range) => {
    const block = blockOf(rt);
    range.deleteContents();
    const rest = document.createRange();
    rest.selectNodeContents(rt);
    rest.setStart(range.endContainer, range.endOffset);
    const tail = rest.extractContents();
    const next = fresh("text", "p");
    const into = rtOf(next);
    into.append(tail);
    pad(into);
    pad(rt);
    put(next, block);
    write(rt);
    write(into);
    place(into, false);
  };
  const breakLine = (rt, range) => {
    const made = document.createTextNode(`\n${EMPTY}`);
    range.deleteContents();
    range.insertNode(made);
    getSelection().collapse(made, 2);
    write(rt);
  };
  const join = (rt) => {
    const block = blockOf(rt);
    const select = block.querySelector("select.style");
    if (select && select.value !== "p") {
      restyle(block, "p");
      changed();
      return;
    }
    const before = block.previousElementSibling;
    const into = rtOf(before);
    if (!into || !before.querySelector("select.style")) return;
    place(into);
    const seam = getSelection().getRangeAt(0).cloneRange();
    into.append(...rt.childNodes);
    block.remove();
    pad(into);
    write(into);
    seam.collapse(true);
    getSelection().removeAllRanges();
    getSelection().addRange(seam);
  };
  equip(form);
  form.classList.add("live");
  Object.assign(editor, { equip, fit, fresh, restyle, put, add, move, remove, split, breakLine, join });
})();
