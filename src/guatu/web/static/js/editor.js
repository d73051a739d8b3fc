// Writing a document: every block is typed where it stands on the paper, a figure in it is a chip, what is typed is kept.
// Without scripts each block is a plain text box in which a figure is written {by its name}; the buttons ask the server.
// Keys, buttons and what is pasted; what they do stands in the other scripts of the editor, which are loaded before.
"use strict";
(() => {
  const editor = window.guatuEditor;
  if (!editor) return;
  const { form, paper, blockOf, rtOf, several, write, place, here, nothing, edge, neighbour } = editor;
  const { fresh, restyle, put, add, move, remove, split, breakLine, join, ask } = editor;
  const changed = () => editor.changed();

  for (const hint of document.querySelectorAll(".by-script")) hint.hidden = false;
  editor.fit(form);

  const stay = (now) => {
    if (now) editor.last = { rt: now.rt, range: now.range.cloneRange() };
    return now;
  };
  document.addEventListener("selectionchange", () => stay(here()));
  form.addEventListener("input", (event) => {
    const rt = event.target.closest(".rt");
    if (rt) write(rt);
    else changed();
    if (event.target.matches("select[name^=chart-], select[name^=by-]")) editor.fit(blockOf(event.target));
    if (event.target.matches("select.style")) restyle(blockOf(event.target), event.target.value);
  });
  // One more unit or day behind those that are named already.
  form.addEventListener("change", (event) => {
    const from = event.target;
    if (!from.matches("select[data-into], input[data-into]") || !from.value) return;
    const into = document.getElementById(from.dataset.into);
    const named = into.value.split(/[、，,]/).map((one) => one.trim()).filter(Boolean);
    if (!named.includes(from.value)) into.value = [...named, from.value].join("、");
    from.value = "";
    into.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.querySelector("button[value=save]").click();
      return;
    }
    const rt = event.target.closest && event.target.closest(".rt");
    if (!rt || event.isComposing || event.keyCode === 229) return;
    const block = blockOf(rt); // none for what stands around the text
    const now = stay(here()); // the selection's own event may come too late
    if (!now) return;
    const movable = Boolean(block) && block.parentElement === paper;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") ask(now.range);
    else if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey) ask(now.range);
    else if (event.altKey && movable && (event.key === "ArrowUp" || event.key === "ArrowDown")) move(block, event.key === "ArrowUp");
    else if (event.altKey && movable && /^[0-3]$/.test(event.key)) {
      restyle(block, event.key === "0" ? "p" : event.key);
      changed();
    } else if (event.key === "Enter") {
      if (movable) split(rt, now.range);
      else if (several(rt)) breakLine(rt, now.range);
    } else if (event.key === "Backspace" && movable && now.range.collapsed && nothing(rt, now.range, true)) join(rt);
    else if (movable && event.key === "ArrowUp" && edge(rt, now.range, true) && neighbour(block, true)) place(neighbour(block, true));
    else if (movable && event.key === "ArrowDown" && edge(rt, now.range, false) && neighbour(block, false)) place(neighbour(block, false), false);
    else return;
    event.preventDefault();
  });
  form.addEventListener("paste", (event) => {
    const rt = event.target.closest && event.target.closest(".rt");
    if (!rt) return;
    event.preventDefault();
    const lines = event.clipboardData.getData("text/plain").split(/\r?\n/).map((one) => one.trim()).filter(Boolean);
    if (!lines.length) return;
    let block = blockOf(rt);
    const apart = Boolean(block) && block.parentElement === paper; // elsewhere the lines become one
    document.execCommand("insertText", false, apart ? lines[0] : lines.join(" "));
    if (!apart) return;
    for (const text of lines.slice(1)) {
      const next = fresh("text", "p");
      rtOf(next).textContent = text;
      block = put(next, block);
      write(rtOf(next));
    }
    if (lines.length > 1) place(rtOf(block));
  });
  const pick = (button) => {
    const into = document.getElementById(button.dataset.into);
    const many = into.nodeName === "TEXTAREA";
    ask(button, {
      figuresOnly: true,
      then: (found) => {
        into.value = many && into.value.trim() ? `${into.value.trim()}\n${found.name}` : found.name;
        into.dispatchEvent(new Event("input", { bubbles: true }));
        into.focus();
      },
    });
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button[data-act]");
    if (!button) return;
    const act = button.dataset.act;
    const block = blockOf(button);
    if (block && block.parentElement !== paper && act !== "pick" && act !== "look") return; // in an annex the server does it
    event.preventDefault();
    if (act === "up" || act === "down") move(block, act === "up");
    else if (act === "remove") remove(block);
    else if (act === "add") add("text", block, "p");
    else if (act === "insert") ask(editor.last && editor.last.rt.isConnected ? editor.last.range : button);
    else if (act === "pick") pick(button);
    else if (act === "look") editor.look(button);
    else editor.act(button);
  });
})();
