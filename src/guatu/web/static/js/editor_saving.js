// Writing a document: what is typed is kept of itself, by the server; on this device while the server does not take it.
"use strict";
(() => {
  const editor = window.guatuEditor;
  if (!editor) return;
  const { form, told } = editor;
  const line = document.getElementById("savedline");
  const LOCAL = `guatu.written:${location.pathname}`;
  let waiting = 0;
  let [sending, again] = [null, false];
  let state = "kept"; // kept, wrong (something in it has to be put right), offline, ended (nobody is logged in), refused
  const cut = () => ["offline", "ended", "refused"].includes(state);
  let draft = told.draft; // which draft the server has

  const local = (() => {
    try {
      localStorage.setItem("guatu.probe", "1");
      localStorage.removeItem("guatu.probe");
      return localStorage;
    } catch {
      return null;
    }
  })();
  const keepHere = (sent = false) => {
    if (!local) return;
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
    try {
      local.setItem(LOCAL, JSON.stringify({ who: told.who, draft, sent, fields }));
    } catch {
      // no room on this device: the page itself still has it
    }
  };
  const here = () => {
    try {
      const kept = JSON.parse((local && local.getItem(LOCAL)) || "null");
      return kept && kept.who === told.who && Array.isArray(kept.fields) ? kept : null;
    } catch {
      return null;
    }
  };
  const forget = () => here() && local.removeItem(LOCAL);

  const say = (text, wrong, link) => {
    line.replaceChildren(document.createTextNode(text));
    line.classList.toggle("redtext", wrong);
    if (!link) return;
    const to = document.createElement("a");
    to.className = "link";
    to.href = location.pathname + location.search;
    to.textContent = told.login;
    line.append(" ", to);
  };
  const send = async (body) => {
    let answer;
    try {
      answer = await fetch(told.save, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        redirect: "manual",
        signal: AbortSignal.timeout(20000),
      });
    } catch {
      return { state: "offline" };
    }
    // Whoever has logged out is sent to the entry; whoever has logged in again elsewhere has another token.
    if (answer.type === "opaqueredirect" || answer.status === 403) return { state: "ended" };
    if (!answer.ok) return { state: "refused" };
    try {
      return { ...(await answer.json()), state: "" };
    } catch {
      return { state: "offline" };
    }
  };
  const once = async () => {
    const got = await send(new FormData(form));
    state = got.state || (got.kept ? "kept" : "wrong");
    if (cut()) {
      keepHere();
      say(told[state], true, state === "ended");
      return;
    }
    if (got.kept) {
      draft = got.draft;
      forget();
    } else keepHere();
    say(got.said, !got.kept);
  };
  const save = () => {
    clearTimeout(waiting);
    waiting = 0;
    if (sending) again = true;
    else {
      sending = once().then(() => {
        sending = null;
        if (!again) return undefined;
        again = false;
        return save();
      });
    }
    return sending;
  };
  editor.changed = () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, 1200);
    if (cut()) keepHere();
  };

  // A button of the form leaves the page: only while somebody takes what is sent.
  const KEPT = `guatu.place:${location.pathname}`;
  let submitted = false;
  let passing = false;
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!(button && button.hasAttribute("formaction")) && !passing) {
      event.preventDefault();
      await save();
      if (cut()) return;
      passing = true;
      form.requestSubmit(button);
      passing = false;
      return;
    }
    clearTimeout(waiting);
    waiting = 0;
    again = false;
    submitted = true;
    sessionStorage.setItem(KEPT, String(scrollY));
  });
  // Whoever goes elsewhere has kept what they typed last; whoever comes back to a page that was saved sees what stands now.
  addEventListener("pagehide", () => {
    if (!waiting) return;
    keepHere(true); // nobody tells whether what is sent on leaving arrives
    if (!cut()) navigator.sendBeacon(told.save, new FormData(form));
  });
  addEventListener("pageshow", (event) => event.persisted && submitted && location.reload());
  const before = sessionStorage.getItem(KEPT);
  if (before) {
    sessionStorage.removeItem(KEPT);
    scrollTo(0, Number(before));
  }

  // What this device has and the server has not: taken up at once, unless something else was written elsewhere meanwhile.
  const open = (kept) => {
    const typed = document.createElement("form");
    typed.method = "post";
    typed.action = form.action;
    for (const [name, value] of [...kept.fields, ["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value], ["do", "up:"]]) {
      const input = document.createElement("textarea");
      [input.name, input.value] = [name, value];
      typed.append(input);
    }
    typed.hidden = true;
    document.body.append(typed);
    forget();
    typed.submit();
  };
  const takeUp = async (kept) => {
    const body = new FormData();
    for (const [name, value] of kept.fields) body.append(name, value);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const got = await send(body);
    if (got.state) return;
    if (!got.kept && !got.spent) {
      open(kept); // something in it has to be put right: the page that says so shows all of it
      return;
    }
    forget();
    if (got.kept) location.reload();
  };
  const kept = here();
  const band = document.getElementById("kepthere");
  if (kept && kept.draft === draft) takeUp(kept);
  else if (kept && kept.sent) forget();
  else if (kept && band) {
    band.hidden = false;
    for (const button of band.querySelectorAll("button")) {
      button.addEventListener("click", () => {
        band.hidden = true;
        if (button.dataset.keep === "take") takeUp(kept);
        else forget();
      });
    }
  }
})();
