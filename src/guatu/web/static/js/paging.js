// The paper in pages of A4, 22 lines each, as it will be printed; without this script, and on a phone, it is one long sheet.
"use strict";
(() => {
  const article = document.querySelector("#sheets .official");
  if (!article || window.innerWidth <= 720) return;

  const rough = (node) => node.matches(".annex, .sources");
  const pieces = [];
  for (const child of [...article.children]) {
    if (child.matches("hr.page")) pieces.push(null);
    else if (rough(child)) pieces.push(null, ...child.children);
    else pieces.push(child);
  }

  // The place in an element after `count` characters.
  const spot = (element, count) => {
    const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let left = count;
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (left <= node.length) return [node, left];
      left -= node.length;
    }
    return null;
  };
  const bottomOf = (element, from, to) => {
    const range = document.createRange();
    range.setStart(...spot(element, from));
    range.setEnd(...spot(element, to));
    const rects = [...range.getClientRects()];
    return rects.length ? Math.max(...rects.map((rect) => rect.bottom)) : -Infinity;
  };
  // How many characters of a paragraph end above `limit`.
  const fitting = (element, limit) => {
    const size = element.textContent.length;
    let low = 0;
    let high = size;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (bottomOf(element, middle - 1, middle) <= limit) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  const made = [];
  let page = null;
  const turn = () => {
    page = document.createElement("div");
    page.className = "sheetpage";
    page.dataset.page = String(made.length + 1);
    article.append(page);
    made.push(page);
  };
  const limit = () => {
    const style = getComputedStyle(page);
    const line = parseFloat(style.lineHeight);
    return page.getBoundingClientRect().top + parseFloat(style.paddingTop) + 22 * line + 1;
  };
  const height = () => 22 * parseFloat(getComputedStyle(page).lineHeight);
  const isHeading = (node) => node && node.matches("h2, h3, h4, h5") && !node.matches(".title");

  // No line of a paragraph stands alone at the foot of a page or at the head of the next.
  const whole = (element) => {
    const line = parseFloat(getComputedStyle(element).lineHeight);
    const size = element.textContent.length;
    const top = element.getBoundingClientRect().top;
    const count = fitting(element, limit());
    if (count >= size || count === 0) return count;
    const lines = (from, to) => Math.round((bottomOf(element, to - 1, to) - from) / line);
    const left = lines(bottomOf(element, count - 1, count), size);
    const kept = left < 2 ? fitting(element, limit() - line) : count;
    return kept === 0 || lines(top, kept) < 2 ? 0 : kept;
  };

  // The rows of a table that do not fit go on under the same heads; a short table stays together.
  const tableRest = (piece) => {
    const rows = [...piece.querySelectorAll("tbody > tr")];
    const fits = rows.filter((row) => row.getBoundingClientRect().bottom <= limit()).length;
    const tall = piece.getBoundingClientRect().height;
    if (tall <= height() / 3 || fits < 2) return null;
    const cut = Math.min(fits, rows.length - 1); // the note below stands with the last row
    const rest = piece.cloneNode(true);
    rest.removeAttribute("id");
    rest.querySelectorAll("caption").forEach((one) => one.remove());
    [...rest.querySelectorAll("tbody > tr")].slice(0, cut).forEach((one) => one.remove());
    rows.slice(cut).forEach((one) => one.remove());
    piece.querySelectorAll(".table-note").forEach((one) => one.remove());
    return rest;
  };
  // What stands at the foot of the last page needs room below the text.
  const covered = (piece) => {
    const before = piece.previousElementSibling;
    return Boolean(before) && piece.getBoundingClientRect().top < before.getBoundingClientRect().bottom;
  };

  const lay = () => {
    article.classList.add("paged");
    for (const piece of pieces) piece && piece.remove();
    for (const rest of [...article.children]) rest.remove();
    turn();
    const waiting = [...pieces];
    while (waiting.length) {
      const piece = waiting.shift();
      if (!piece) {
        if (page.children.length) turn();
        continue;
      }
      page.append(piece);
      if (piece.matches(".imprint") ? !covered(piece) : piece.getBoundingClientRect().bottom <= limit()) continue;
      const rest = piece.matches(".table") ? tableRest(piece) : null;
      if (rest) {
        waiting.unshift(rest);
        turn();
        continue;
      }
      if (piece.matches("p") && piece.textContent.length) {
        const count = whole(piece);
        if (count >= piece.textContent.length) continue;
        if (count > 0) {
          const rest = piece.cloneNode(true);
          rest.removeAttribute("id");
          const cut = document.createRange();
          cut.setStart(...spot(piece, count));
          cut.setEnd(piece, piece.childNodes.length);
          cut.deleteContents();
          const before = document.createRange();
          before.setStart(rest, 0);
          before.setEnd(...spot(rest, count));
          before.deleteContents();
          piece.classList.add("goes-on");
          rest.classList.remove("goes-on");
          rest.classList.add("went-on");
          waiting.unshift(rest);
          turn();
          continue;
        }
      }
      if (page.children.length === 1) continue; // longer than a page: it stands alone
      const carried = [piece];
      // Its headings go with it, unless nothing else stands on the page: then they are as long as a page themselves.
      while (isHeading(piece.previousElementSibling) && page.children.length > 2) {
        const head = piece.previousElementSibling;
        carried.unshift(head);
        head.remove();
      }
      turn();
      page.append(...carried);
      const last = page.lastElementChild;
      if (last.matches("p") && last.getBoundingClientRect().bottom > limit()) {
        last.remove();
        waiting.unshift(last);
      }
    }
  };
  const ready = document.fonts && document.fonts.ready ? document.fonts.ready : Promise.resolve();
  ready.then(lay);
})();
