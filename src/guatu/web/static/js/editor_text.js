// Writing a document: a block as text and as what is typed into, the caret in it. Others of the editor's scripts build on this.
"use strict";
(() => {
  const form = document.getElementById("writing");
  if (!form) return;
  const EMPTY = "\u200b";
  const editor = { form, paper: document.getElementById("blocks"), told: form.dataset, EMPTY, last: null };
  // `last` is where the caret was: { rt, range }. `changed`, `add`, `ask` … come from the other scripts.
  window.guatuEditor = editor;

  const blockOf = (node) => node && node.closest && node.closest(".blk");
  const rtOf = (block) => block && block.querySelector(".rt");
  const sourceOf = (rt) => rt.parentElement.querySelector("textarea");
  const several = (rt) => sourceOf(rt).name === "signature"; // who signs stand one below the other

  // A block as text: words, and chips as they are written.
  const asText = (node) => {
    let out = "";
    for (const each of node.childNodes) {
      if (each.nodeType === Node.TEXT_NODE) out += each.data.replaceAll(EMPTY, "").replaceAll("\u00a0", " ");
      else if (each.dataset && each.dataset.raw) out += each.dataset.raw;
      else out += asText(each);
    }
    return out;
  };
  // A caret stands only in text: before and behind a chip there must be some.
  const pad = (rt) => {
    const end = rt.lastChild;
    if (end && end.nodeType === Node.ELEMENT_NODE) rt.append(EMPTY);
    const begin = rt.firstChild;
    if (begin && begin.nodeType === Node.ELEMENT_NODE && begin.dataset.raw) rt.prepend(EMPTY);
  };
  const write = (rt) => {
    sourceOf(rt).value = several(rt) ? asText(rt) : asText(rt).replaceAll("\n", " ");
    rt.classList.toggle("empty", !sourceOf(rt).value);
    editor.changed();
  };

  // Carets
  const place = (rt, atEnd = true) => {
    if (!rt) return;
    rt.focus();
    const range = document.createRange();
    range.selectNodeContents(rt);
    range.collapse(!atEnd);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };
  const here = () => {
    const selection = getSelection();
    if (!selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    const around = range.startContainer.nodeType === Node.ELEMENT_NODE ? range.startContainer : range.startContainer.parentElement;
    const rt = around && around.closest(".rt");
    return rt && form.contains(rt) ? { rt, range } : null;
  };
  const nothing = (rt, range, before) => {
    const side = document.createRange();
    side.selectNodeContents(rt);
    if (before) side.setEnd(range.startContainer, range.startOffset);
    else side.setStart(range.endContainer, range.endOffset);
    return !asText(side.cloneContents());
  };
  const edge = (rt, range, up) => {
    const box = range.getClientRects()[0];
    const whole = rt.getBoundingClientRect();
    if (!box) return true;
    return up ? box.top - whole.top < box.height : whole.bottom - box.bottom < box.height;
  };
  const neighbour = (block, up) => {
    let next = up ? block.previousElementSibling : block.nextElementSibling;
    while (next && !rtOf(next)) next = up ? next.previousElementSibling : next.nextElementSibling;
    return rtOf(next);
  };
  Object.assign(editor, { blockOf, rtOf, sourceOf, several, asText, pad, write, place, here, nothing, edge, neighbour });
})();
