// The palette: figures by their name, with the value that they have on the document's day; chosen by keyboard or mouse.
"use strict";
(() => {
  const box = document.getElementById("palette");
  if (!box) return;
  const field = box.querySelector("input");
  const list = box.querySelector("[role=listbox]");
  const none = box.querySelector(".none");
  let all = null;
  let asked = null;
  let at = -1;
  let early = false;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const mark = (to, scroll = true) => {
    const rows = options();
    if (!rows.length) {
      at = -1;
      field.removeAttribute("aria-activedescendant");
      return;
    }
    at = (to + rows.length) % rows.length;
    rows.forEach((row, place) => row.setAttribute("aria-selected", String(place === at)));
    if (scroll) rows[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", rows[at].id);
  };
  const close = (back) => {
    if (box.hidden) return;
    box.hidden = true;
    field.setAttribute("aria-expanded", "false");
    if (back && asked && asked.back) asked.back();
  };
  const take = (place) => {
    const found = options()[place];
    if (!found || !asked) {
      early = all === null; // chosen before the figures are there: the first one, when they are
      field.readOnly = early;
      return;
    }
    const then = asked.then;
    const one = found.guatu;
    close(false);
    then(one);
  };
  // The first letters of the pinyin of a name (yxhwt for yi xiao hao wen ti): where each letter begins in the order of pinyin.
  const LETTERS = "abcdefghjklmnopqrstwxyz";
  const BEGINS =
    "\u963f\u516b\u5693\u54d2\u59b8\u53d1\u65ee\u54c8\u8ba5\u5494\u5783\u75f3\u62cf\u5662\u5991\u4e03\u5465\u6268\u5b83\u7a75\u5915\u4e2b\u5e00";
  const collator = new Intl.Collator("zh-u-co-pinyin");
  const ordered = collator.resolvedOptions().locale.startsWith("zh");
  const letter = (sign) => {
    if (!ordered || !/[\u4e00-\u9fff]/.test(sign)) return sign.toLowerCase();
    let at = LETTERS.length - 1;
    while (at > 0 && collator.compare(sign, BEGINS[at]) < 0) at -= 1;
    return LETTERS[at];
  };
  const initials = (one) => {
    if (one.initials === undefined) one.initials = [...one.name].map(letter).join("");
    return one.initials;
  };
  const worth = (one, word) => {
    if (!word) return 1;
    if (/^[a-z0-9]+$/.test(word)) {
      if (initials(one).startsWith(word)) return 4;
      if (initials(one).includes(word)) return 3;
    }
    if (one.name.toLowerCase().startsWith(word)) return one.kind === "block" ? 5 : 4;
    if (one.name.toLowerCase().includes(word) || (one.label || "").toLowerCase().includes(word)) return 3;
    if ([...word].every((sign) => one.name.toLowerCase().includes(sign))) return 2;
    return (one.definition || "").toLowerCase().includes(word) || (one.key || "").includes(word) ? 1 : 0;
  };
  const draw = () => {
    const word = field.value.trim().toLowerCase();
    const hits = all
      .filter((one) => one.kind === "figure" || !(asked && (asked.figuresOnly || (asked.wordsOnly && one.kind === "block"))))
      .map((one) => [one, worth(one, word)])
      .filter((pair) => pair[1])
      .sort((left, right) => right[1] - left[1])
      .slice(0, 60);
    list.replaceChildren();
    let section = null;
    hits.forEach(([one], place) => {
      if (!word && one.section !== section) {
        section = one.section;
        const head = document.createElement("div");
        head.className = "sect";
        head.setAttribute("role", "presentation");
        head.textContent = section;
        list.append(head);
      }
      const row = document.createElement("div");
      row.id = `palette-${place}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      row.guatu = one;
      const name = document.createElement("span");
      name.textContent = one.label && one.label !== one.name ? `${one.label} · ${one.name}` : one.name;
      const value = document.createElement("b");
      value.textContent = one.text || (one.kind === "figure" ? box.dataset.unsaid : "");
      if (!one.text) value.className = "muted";
      row.append(name, value);
      if (one.definition) {
        const said = document.createElement("small");
        said.textContent = one.definition;
        row.append(said);
      }
      row.addEventListener("mousemove", (event) => {
        if (at !== place && (event.movementX || event.movementY)) mark(place, false); // not where the mouse rests
      });
      row.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(options().indexOf(row));
      });
      list.append(row);
    });
    none.hidden = hits.length > 0;
    mark(0);
  };
  const stand = (around) => {
    const rects = around.getClientRects ? around.getClientRects() : [];
    const start = around.startContainer;
    const inside = start && (start.nodeType === Node.ELEMENT_NODE ? start : start.parentElement);
    const spot = rects[rects.length - 1] || (inside && inside.getBoundingClientRect()); // an empty paragraph has no rectangles
    if (!spot || window.innerWidth <= 720) {
      box.style.removeProperty("left");
      box.style.removeProperty("top");
      return;
    }
    const wide = box.offsetWidth;
    const high = box.offsetHeight;
    const left = Math.max(8, Math.min(spot.left, window.innerWidth - wide - 8));
    const below = spot.bottom + 6 + high < window.innerHeight;
    box.style.left = `${left}px`;
    box.style.top = `${below ? spot.bottom + 6 : Math.max(56, spot.top - high - 6)}px`;
  };
  let fetching = null;
  const fetched = () => {
    fetching ??= (async () => {
      const answer = await fetch(box.dataset.href, { headers: { Accept: "application/json" }, redirect: "manual" });
      if (!answer.ok) throw new Error(String(answer.status));
      all = (await answer.json()).places;
    })().catch((failure) => {
      fetching = null; // the next opening tries again
      throw failure;
    });
    return fetching;
  };
  const open = async (wanted) => {
    asked = wanted;
    box.hidden = false;
    field.value = "";
    field.setAttribute("aria-expanded", "true");
    early = false;
    field.readOnly = false;
    none.hidden = true;
    if (!all) list.textContent = box.dataset.waiting;
    stand(wanted.around);
    field.focus();
    try {
      await fetched();
      if (!box.hidden) {
        draw();
        stand(wanted.around);
        if (early) take(0);
        field.readOnly = false;
      }
    } catch {
      list.textContent = box.dataset.failed;
    }
  };
  // Fetched while the page is read, so that it is there when it is asked for.
  const ahead = () => fetched().catch(() => {});
  if (window.requestIdleCallback) requestIdleCallback(ahead, { timeout: 3000 });
  else setTimeout(ahead, 1500);
  field.addEventListener("input", () => all && draw());
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(at + (event.key === "ArrowDown" ? 1 : -1));
    else if (event.key === "Enter") take(at);
    else if (event.key === "Escape") close(true);
    else if (event.key === "Tab" || (event.key === "Backspace" && !field.value)) close(true);
    else if (event.key === "/" && !field.value) {
      close(true);
      document.execCommand("insertText", false, "/");
    } else return;
    event.preventDefault();
  });
  document.addEventListener("mousedown", (event) => {
    if (!box.hidden && !box.contains(event.target)) close(false);
  });
  window.guatuPalette = { open };
})();
