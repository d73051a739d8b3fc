// Remarks beside the text: each stands at the height of its paragraph, and a paragraph is remarked on where it stands.
// Without this script they are a list below the panel, with a choice of the paragraph in their form.
"use strict";
(() => {
  const beside = document.getElementById("beside");
  const sheets = document.getElementById("sheets") || document.getElementById("writing");
  if (!beside || !sheets) return;
  const head = beside.querySelector(".besidehead");
  const CHOSEN = `guatu.beside:${location.pathname}`;
  const writing = sheets.id === "writing";
  const box = () => document.getElementById("remarks");
  const form = () => box().querySelector("form.remark");
  const choice = () => form() && form().elements.anchor;
  const wide = () => window.innerWidth > 1100;
  const part = (id) => (id ? (writing ? document.getElementById(`b-${id}`) : sheets.querySelector(`[data-block="${CSS.escape(id)}"]`)) : null);
  const partOf = (node) => node.closest && node.closest(writing ? "#writing .blk, #writing .annexpart" : "#sheets [data-block]");
  const idOf = (node) => (writing ? node.id.slice(2) : node.dataset.block);
  const threads = () => [...box().querySelectorAll(".thread")];
  const threadOf = (id) => threads().find((one) => one.dataset.for === id);

  // Marks at the edge of the paper: how many remarks a paragraph has, and where the next one is begun.
  const mark = (id, count) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = count ? "notemark" : "notemark new";
    made.dataset.note = id;
    made.textContent = count ? String(count) : "+";
    made.setAttribute("aria-label", count ? `${head.dataset.count} ${count}` : head.dataset.remark);
    made.title = count ? head.dataset.count : head.dataset.remark;
    return made;
  };
  const layer = document.createElement("div");
  layer.className = "notelayer";
  sheets.append(layer);
  const hover = mark("", 0);
  hover.hidden = true;
  const paperOf = (node) => node.closest(".sheetpage") || node.closest(".official, .paper");
  const stand = (button, node) => {
    const around = layer.getBoundingClientRect();
    const paper = paperOf(node).getBoundingClientRect();
    const at = node.getBoundingClientRect();
    button.style.left = `${Math.round(paper.right - around.left - (wide() || window.innerWidth > 720 ? 44 : 34))}px`;
    button.style.top = `${Math.round(at.top - around.top + 4)}px`;
  };
  const can = (id) => choice() && [...choice().options].some((one) => one.value && one.value === id);

  // The threads at the height of their paragraphs, none over another.
  const noting = () => beside.classList.contains("noting");
  const standing = () => {
    const mine = form();
    const own = mine && mine.parentElement === box() && part(mine.dataset.for) ? [mine] : [];
    const where = (one) => part(one.dataset.for).getBoundingClientRect().top;
    return [...threads().filter((one) => part(one.dataset.for)), ...own].sort((left, right) => where(left) - where(right));
  };
  const lay = () => {
    layer.replaceChildren(hover);
    hover.hidden = true;
    for (const one of box().querySelectorAll(".placed")) {
      one.classList.remove("placed");
      one.style.removeProperty("top");
    }
    for (const thread of threads()) {
      const node = part(thread.dataset.for);
      if (!node) continue;
      const button = mark(thread.dataset.for, thread.querySelectorAll("li").length);
      layer.append(button);
      stand(button, node);
    }
    beside.classList.toggle("aligned", noting() && wide());
    if (!noting() || !wide()) {
      box().style.removeProperty("min-height");
      return;
    }
    const top = box().getBoundingClientRect().top;
    const placed = standing();
    const flow = [...box().children].filter((one) => !placed.includes(one));
    let below = Math.max(0, ...flow.map((one) => one.getBoundingClientRect().bottom - top));
    for (const thread of placed) {
      const wanted = part(thread.dataset.for).getBoundingClientRect().top - top;
      const at = Math.max(wanted, below + 12);
      thread.classList.add("placed");
      thread.style.top = `${Math.round(at)}px`;
      below = at + thread.offsetHeight;
    }
    box().style.minHeight = `${Math.round(below + 24)}px`;
  };
  let waiting = 0;
  const soon = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(lay);
  };

  const look = (what, keep = true) => {
    beside.classList.toggle("noting", what === "remarks");
    for (const button of head.querySelectorAll("[data-beside]")) button.setAttribute("aria-pressed", String(button.dataset.beside === what));
    if (keep) sessionStorage.setItem(CHOSEN, what);
    lay();
  };
  const shown = (id) => {
    look("remarks");
    for (const one of threads()) one.classList.toggle("on", Boolean(id) && one.dataset.for === id);
    for (const one of sheets.querySelectorAll(".noted")) one.classList.remove("noted");
    const node = part(id);
    if (node) node.classList.add("noted");
  };
  // The one form goes to the thread that is answered, or stands above all.
  const begin = (id) => {
    shown(id);
    if (!form()) return;
    choice().value = can(id) ? id : "";
    const thread = threadOf(id);
    form().dataset.for = thread ? "" : choice().value;
    if (thread) thread.append(form());
    else box().querySelector("h2").after(form());
    lay();
    const field = form().elements.text;
    field.focus({ preventScroll: wide() });
    (thread || form()).scrollIntoView({ block: "nearest" });
  };
  // No network, nobody logged in, or somebody anew elsewhere: leaving the page would lose what was typed.
  const unsent = (button) => {
    button.disabled = false;
    const told = form().querySelector(".unsent") || document.createElement("span");
    told.className = "err unsent";
    told.setAttribute("role", "alert");
    told.textContent = form().dataset.unsent;
    button.before(told);
    lay();
  };
  const send = async (button) => {
    button.disabled = true;
    const id = choice().value;
    const body = new FormData(form());
    const answer = await fetch(form().action, { method: "POST", body, headers: { "HX-Request": "true" }, redirect: "manual" }).catch(() => null);
    if (!answer || answer.type === "opaqueredirect" || answer.status === 204 || answer.status === 403) {
      unsent(button);
      return;
    }
    try {
      if (!answer.ok) throw new Error(String(answer.status));
      const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("remarks");
      if (!made) throw new Error("no remarks");
      box().replaceWith(made);
      const count = head.querySelector("[data-beside=remarks]");
      const said = made.querySelector("h2 small");
      const small = count.querySelector("small") || count.appendChild(document.createElement("small"));
      small.textContent = said ? said.textContent : "";
      equip();
      if (made.querySelector(".err")) begin(id);
      else shown(id);
    } catch {
      form().submit(); // the usual way says what is wrong
    }
  };
  const equip = () => {
    if (window.guatuMention) window.guatuMention(box());
    const mine = form();
    if (!mine) return;
    mine.addEventListener("submit", (event) => {
      event.preventDefault();
      send(mine.querySelector("button[type=submit]"));
    });
    choice().addEventListener("change", () => begin(choice().value));
  };

  head.hidden = false;
  beside.classList.add("live");
  equip();
  document.addEventListener("click", (event) => {
    if (!event.target.closest) return;
    const tab = event.target.closest("[data-beside]");
    const note = event.target.closest("[data-note]");
    const answer = event.target.closest("[data-answer]");
    const thread = event.target.closest(".thread[data-for]");
    if (tab) look(tab.dataset.beside);
    else if (note && threadOf(note.dataset.note)) {
      shown(note.dataset.note);
      threadOf(note.dataset.note).scrollIntoView({ block: "nearest" });
    } else if (note) begin(note.dataset.note);
    else if (answer && form()) {
      event.preventDefault();
      begin(answer.dataset.answer);
    } else if (thread && !event.target.closest("form")) {
      shown(thread.dataset.for);
      if (event.target.closest(".quote a") && part(thread.dataset.for)) {
        event.preventDefault();
        part(thread.dataset.for).scrollIntoView({ block: "center" });
      }
    }
  });
  document.addEventListener("guatu:beside", (event) => look(event.detail, false));
  document.addEventListener("htmx:afterSwap", (event) => event.detail.target && event.detail.target.id === "fig" && look("fig", false));
  const point = (event) => {
    const node = event.target.closest && partOf(event.target);
    if (!node) return;
    const id = idOf(node);
    if (hover.dataset.note === id && !hover.hidden) return;
    hover.dataset.note = id;
    hover.hidden = !can(id) || Boolean(threadOf(id));
    if (!hover.hidden) stand(hover, node);
  };
  sheets.addEventListener("mouseover", point);
  sheets.addEventListener("focusin", point);
  sheets.addEventListener("click", point);
  new ResizeObserver(soon).observe(sheets);
  addEventListener("resize", soon);
  sheets.addEventListener("input", soon);

  const asked = new URLSearchParams(location.search);
  const paragraphs = threads().some((one) => one.dataset.for || one.classList.contains("gone"));
  const first = location.hash.startsWith("#remark") || asked.has("remark") ? "remarks" : asked.has("figure") ? "fig" : sessionStorage.getItem(CHOSEN);
  look(first || (paragraphs ? "remarks" : "fig"), false);
  if (asked.has("remark")) begin(asked.get("remark"));
})();
