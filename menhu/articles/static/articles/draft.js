// Keeps what is being typed in this browser, and offers it again when it did not reach the server.
"use strict";
(() => {
  // What has arrived at the server needs no copy here, also when it was new.
  const saved = document.querySelector("[data-saved-title]");
  for (const key of saved && window.localStorage ? Object.keys(localStorage) : []) {
    if (!/^menhu-draft:\d+:new:/.test(key)) continue;
    try {
      if (JSON.parse(localStorage.getItem(key)).fields.title[0] === saved.dataset.savedTitle) localStorage.removeItem(key);
    } catch { localStorage.removeItem(key); }
  }
  const form = document.querySelector("[data-keep-draft]");
  const offer = document.querySelector("[data-draft-offer]");
  if (!form || !offer || !window.localStorage) return;
  const KEY = `menhu-draft:${form.dataset.keepDraft}`;
  const LATEST = 14 * 24 * 3600 * 1000;
  const SKIPPED = new Set(["csrfmiddlewaretoken", "base", "unit", "cover", "docx", "new_files", "new_cover"]);
  const hasErrors = Boolean(document.querySelector("[data-error-summary]"));

  function read() {
    const fields = {};
    for (const [name, value] of new FormData(form)) {
      if (!SKIPPED.has(name) && typeof value === "string") (fields[name] = fields[name] || []).push(value);
    }
    return fields;
  }
  function kept() {
    try { return JSON.parse(localStorage.getItem(KEY)); } catch { return null; }
  }
  function write() {
    const draft = { at: Date.now(), base: form.dataset.base, fields: read() };
    try {
      localStorage.setItem(KEY, JSON.stringify(draft));
      form.querySelector("[data-draft-status]").textContent = `浏览器已暂存 ${new Date().toLocaleTimeString("zh-CN")}`;
    } catch { /* full or forbidden: the form itself still holds everything */ }
  }
  function restore(fields) {
    for (const input of form.querySelectorAll("input, select, textarea")) {
      if (!input.name || SKIPPED.has(input.name) || input.type === "file" || input.type === "hidden") continue;
      const values = fields[input.name] || [];
      if (input.type === "checkbox" || input.type === "radio") input.checked = values.includes(input.value);
      else if (values.length) input.value = values.shift();
    }
    const editor = window.Jodit && Object.values(window.Jodit.instances)[0];
    if (editor) editor.value = editor.element.value;
    form.querySelector("[name=genre]").dispatchEvent(new Event("change"));
  }

  const start = JSON.stringify(read());
  const draft = kept();
  // A draft of an older version was saved meanwhile (or overtaken); one of this version never arrived.
  if (draft && (draft.base !== form.dataset.base || Date.now() - draft.at > LATEST)) localStorage.removeItem(KEY);
  else if (draft && !hasErrors && JSON.stringify(draft.fields) !== start) {
    const fields = JSON.parse(JSON.stringify(draft.fields));
    offer.querySelector("[data-draft-time]").textContent = `暂存于 ${new Date(draft.at).toLocaleString("zh-CN")}`;
    offer.hidden = false;
    offer.querySelector("[data-draft-restore]").addEventListener("click", () => { restore(fields); offer.hidden = true; });
    offer.querySelector("[data-draft-drop]").addEventListener("click", () => { localStorage.removeItem(KEY); offer.hidden = true; });
  }
  let last = start;
  window.setInterval(() => {
    const now = JSON.stringify(read());
    if (now === last) return;
    last = now;
    write();
  }, 3000);
  form.addEventListener("submit", () => { if (JSON.stringify(read()) !== start) write(); });
})();
