// “@” in a remark: a small list of those who may see the item, by arrow keys or the mouse. Without it one types the name.
"use strict";
(() => {
  const bind = (box) => {
    const list = document.createElement("ul");
    list.className = "mentions";
    list.id = `${box.id}-people`;
    list.setAttribute("role", "listbox");
    list.hidden = true;
    box.after(list);
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-autocomplete", "list");
    let people = null;
    let at = -1;

    const begun = () => {
      const before = box.value.slice(0, box.selectionStart);
      const found = /(?:^|[^A-Za-z0-9._%+-])[@＠]([^\s@＠，。；：、！？]{0,12})$/.exec(before);
      return found ? { from: box.selectionStart - found[1].length, word: found[1] } : null;
    };
    const close = () => {
      list.hidden = true;
      at = -1;
      box.removeAttribute("aria-activedescendant");
    };
    const choose = (name) => {
      const where = begun();
      if (!where) return close();
      const end = box.selectionStart;
      box.setRangeText(`${name} `, where.from, end, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
      close();
      box.focus();
    };
    const mark = (to) => {
      const rows = [...list.querySelectorAll("[role=option]")];
      if (!rows.length) return;
      at = (to + rows.length) % rows.length;
      rows.forEach((row, place) => row.setAttribute("aria-selected", String(place === at)));
      rows[at].scrollIntoView({ block: "nearest" });
      box.setAttribute("aria-activedescendant", rows[at].id);
    };
    const draw = (word) => {
      const hits = people.filter((one) => one.name.includes(word) || one.label.includes(word)).slice(0, 12);
      list.replaceChildren();
      hits.forEach((one, place) => {
        const row = document.createElement("li");
        row.id = `${list.id}-${place}`;
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", "false");
        const name = document.createElement("b");
        name.textContent = one.name;
        const label = document.createElement("small");
        label.textContent = one.label;
        row.append(name, label);
        row.addEventListener("mousedown", (event) => {
          event.preventDefault();
          choose(one.name);
        });
        list.append(row);
      });
      if (!hits.length) {
        const row = document.createElement("li");
        row.className = "muted";
        row.textContent = box.dataset.none;
        list.append(row);
      }
      list.hidden = false;
      mark(0);
    };
    const look = async () => {
      const where = begun();
      if (!where) return close();
      if (people === null) {
        people = [];
        try {
          const answer = await fetch(box.dataset.mention, { headers: { Accept: "application/json" } });
          people = answer.ok ? (await answer.json()).people : [];
        } catch {
          people = null;
          return close();
        }
      }
      const now = begun();
      if (now) draw(now.word);
      else close();
    };
    box.addEventListener("input", look);
    box.addEventListener("click", look);
    box.addEventListener("blur", () => setTimeout(close, 150));
    box.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(at + (event.key === "ArrowDown" ? 1 : -1));
      else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) choose(list.querySelectorAll("[role=option] b")[at].textContent);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
  };
  // Those on the page now; a script that puts others there calls it for what it put.
  const bindAll = (around) => {
    for (const box of around.querySelectorAll("textarea[data-mention]:not([aria-autocomplete])")) bind(box);
  };
  window.guatuMention = bindAll;
  bindAll(document);
})();
