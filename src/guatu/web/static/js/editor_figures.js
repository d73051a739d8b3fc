// Writing a document: figures as chips in the text, put there from the palette, told of in the panel.
"use strict";
(() => {
  const editor = window.guatuEditor;
  if (!editor) return;
  const { form, paper, EMPTY, blockOf, rtOf, pad, write, place, add } = editor;
  let chosen = null; // the chip that the panel tells of

  const chip = (place) => {
    const made = document.createElement("span");
    made.className = `fig${place.text ? "" : " gap"}`;
    made.contentEditable = "false";
    made.dataset.raw = `{${place.name}}`;
    if (place.href) made.dataset.href = place.href;
    made.textContent = place.text || place.name;
    made.title = place.name;
    return made;
  };
  const panel = () => document.getElementById("fig");
  const usual = panel(); // what stands beside the text while no number is asked about
  const choose = (mark) => {
    for (const one of form.querySelectorAll(".fig.on")) one.classList.remove("on");
    chosen = mark;
    if (!mark) return;
    mark.classList.add("on");
    if (mark.dataset.href) tell(mark);
    else leave();
  };
  const tell = async (mark) => {
    document.dispatchEvent(new CustomEvent("guatu:beside", { detail: "fig" }));
    panel().setAttribute("aria-busy", "true");
    let text = "";
    try {
      const answer = await fetch(mark.dataset.href, { headers: { "HX-Request": "true" }, redirect: "manual" });
      text = answer.ok ? await answer.text() : "";
    } catch {
      // what stood there stays
    }
    panel().removeAttribute("aria-busy");
    const made = new DOMParser().parseFromString(text, "text/html").getElementById("fig");
    if (!made || mark !== chosen) return; // another one was asked about meanwhile
    for (const hidden of made.querySelectorAll(".by-script")) hidden.hidden = false;
    const wording = made.querySelector("[data-wording]");
    if (wording) wording.value = mark.textContent;
    panel().replaceWith(document.adoptNode(made));
    if (window.htmx) window.htmx.process(made);
    if (window.innerWidth <= 1100) made.scrollIntoView({ block: "start" });
  };
  // Back to what stood beside the text before, without leaving the page.
  const leave = () => {
    if (panel() !== usual && usual.querySelector("h2")) panel().replaceWith(usual);
  };
  const back = () => {
    leave();
    if (chosen && chosen.isConnected) {
      chosen.scrollIntoView({ block: "center" });
      caret(chosen);
    }
    choose(null);
  };
  const caret = (made) => {
    const rt = made.closest(".rt");
    if (!made.nextSibling) made.after(EMPTY);
    rt.focus({ preventScroll: true });
    const after = document.createRange();
    after.setStartAfter(made);
    after.collapse(true);
    getSelection().removeAllRanges();
    getSelection().addRange(after);
    editor.last = { rt, range: after };
  };
  const replace = (found) => {
    const made = chip(found);
    const rt = chosen.closest(".rt");
    chosen.replaceWith(made);
    write(rt);
    choose(made);
  };
  // A claim in other words: {name:words}; without any, in its own.
  const reword = () => {
    const said = panel().querySelector("[data-wording]").value.replace(/[{}<>|:]/g, "").trim();
    const name = chosen.dataset.raw.slice(1, -1).split(":")[0];
    replace({ name: said ? `${name}:${said}` : name, text: said || name, href: chosen.dataset.href });
  };
  const words = () => {
    const rt = chosen.closest(".rt");
    const made = document.createTextNode(chosen.textContent);
    chosen.replaceWith(made);
    chosen = null;
    leave();
    rt.focus({ preventScroll: true });
    getSelection().collapse(made, made.length);
    write(rt);
  };
  const insert = (found) => {
    const last = editor.last && editor.last.rt.isConnected ? editor.last : null;
    if (found.block) {
      const block = last && blockOf(last.rt);
      const made = add(found.block, block && block.parentElement === paper ? block : null, found.style);
      const pick = made.querySelector("button[data-act=pick]");
      if (pick) pick.click(); // of which figure is the next thing to say
      return;
    }
    const made = chip(found);
    let [rt, range] = last ? [last.rt, last.range] : [];
    if (!rt) {
      const blocks = paper.querySelectorAll(".rt");
      rt = blocks[blocks.length - 1] || rtOf(add("text", null, "p"));
      range = document.createRange();
      range.selectNodeContents(rt);
      range.collapse(false);
    }
    range.deleteContents();
    range.insertNode(made);
    pad(rt);
    write(rt);
    caret(made);
  };
  const ask = (around, { figuresOnly = false, then = insert } = {}) => {
    const was = editor.last;
    const back = () => {
      if (!was || !was.rt.isConnected) return;
      was.rt.focus({ preventScroll: true });
      getSelection().removeAllRanges();
      getSelection().addRange(was.range);
    };
    const block = editor.last && blockOf(editor.last.rt);
    const wordsOnly = Boolean(editor.last) && !(block && block.parentElement === paper); // paragraphs and tables go into the text alone
    if (window.guatuPalette) window.guatuPalette.open({ around, figuresOnly, wordsOnly, then, back });
  };
  const act = (button) => {
    if (!chosen || !chosen.isConnected) return;
    if (button.dataset.act === "replace") ask(chosen, { figuresOnly: true, then: replace });
    else if (button.dataset.act === "words") words();
    else if (button.dataset.act === "wording") reword();
    else if (button.dataset.act === "variant") replace(button.dataset);
  };
  document.addEventListener("click", (event) => {
    if (!event.target.closest) return;
    const mark = event.target.closest(".rt .fig");
    if (mark) choose(mark);
    else if (chosen && event.target.closest("#fig .crumb a, #fig .backto")) {
      event.preventDefault();
      back();
    }
  });
  Object.assign(editor, { ask, act, back });
})();
