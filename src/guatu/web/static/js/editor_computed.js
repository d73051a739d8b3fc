// Writing a document: tables, lists and charts that are worked out of records show what they print, and again when a choice changes.
"use strict";
(() => {
  const editor = window.guatuEditor;
  if (!editor) return;
  const { form, blockOf } = editor;
  const waiting = new Map();

  const look = async (block) => {
    const id = block.querySelector("input[name=block]").value;
    const shown = block.querySelector(".said");
    const body = new FormData();
    for (const [name, value] of new FormData(form)) {
      if (name === "csrfmiddlewaretoken" || (name === "block" && value === id) || name.endsWith(`-${id}`)) body.append(name, value);
    }
    body.append("do", `look:${id}`);
    block.setAttribute("aria-busy", "true");
    const turn = Symbol(id);
    shown.turn = turn;
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" }, redirect: "manual" });
      // Whoever has logged out is answered with nothing, or sent elsewhere: neither is what the block prints.
      if (answer.status === 200 && shown.turn === turn) shown.innerHTML = await answer.text();
    } catch {
      // what was said before stays
    }
    if (shown.turn === turn) block.removeAttribute("aria-busy");
  };
  const soon = (block, pause) => {
    clearTimeout(waiting.get(block));
    waiting.set(block, setTimeout(() => look(block), pause));
  };
  const made = (target) => {
    const block = blockOf(target);
    return block && block.querySelector(".said") ? block : null;
  };
  form.addEventListener("input", (event) => {
    const block = made(event.target);
    if (block) soon(block, event.target.matches("select") ? 0 : 700);
  });
  Object.assign(editor, { look: (target) => made(target) && soon(made(target), 0) });
})();
