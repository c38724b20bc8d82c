// A letter: what is typed is kept on this device until it has arrived; length is counted; similar answers are shown.
"use strict";
(() => {
  const form = document.querySelector("[data-letter]");
  if (!form) return;
  const KEY = "menhu-letter";
  const LATEST = 30 * 24 * 3600 * 1000;
  const SKIPPED = new Set(["csrfmiddlewaretoken", "altcha", "answer", "token"]);
  const offer = form.querySelector("[data-draft-offer]");
  const status = form.querySelector("[data-draft-status]");

  function read() {
    const fields = {};
    for (const [name, value] of new FormData(form)) {
      if (!SKIPPED.has(name) && typeof value === "string") fields[name] = value;
    }
    return fields;
  }
  function kept() {
    try { return JSON.parse(localStorage.getItem(KEY)); } catch { return null; }
  }
  function drop() {
    try { localStorage.removeItem(KEY); } catch { /* forbidden: there is nothing to drop */ }
  }
  function keep() {
    try {
      localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), fields: read() }));
      status.textContent = "正在输入的内容已保存在这台设备上";
    } catch { /* full or forbidden: the form itself still holds everything */ }
  }
  function restore(fields) {
    for (const input of form.querySelectorAll("input, select, textarea")) {
      if (!(input.name in fields) || input.type === "file" || (input.type === "hidden" && input.name !== "key")) continue;
      if (input.type === "checkbox" || input.type === "radio") input.checked = fields[input.name] === input.value;
      else input.value = fields[input.name];
    }
    form.dispatchEvent(new Event("input"));
  }

  const draft = kept();
  const hasErrors = Boolean(form.querySelector("[role=alert]"));
  const worthKeeping = (fields) => Boolean(fields && (fields.title || fields.text));
  if (draft && Date.now() - draft.at > LATEST) drop();
  else if (draft && !hasErrors && worthKeeping(draft.fields)) {
    offer.hidden = false;
    offer.querySelector("[data-draft-restore]").addEventListener("click", () => { restore(draft.fields); offer.hidden = true; });
    offer.querySelector("[data-draft-drop]").addEventListener("click", () => { drop(); offer.hidden = true; });
  }

  const text = form.querySelector("#text");
  const count = form.querySelector("[data-count]");
  function measure() {
    const length = [...text.value].length;
    count.textContent = `${length} / ${count.dataset.most} 字`;
    count.classList.toggle("over", length > Number(count.dataset.most));
  }
  const unitBox = form.querySelector("[data-unit-box]");
  function showUnits() {
    const chosen = form.querySelector("[name=box]:checked");
    if (unitBox) unitBox.hidden = !chosen || chosen.value !== "unit";
  }
  let timer = 0;
  form.addEventListener("input", () => {
    measure();
    showUnits();
    window.clearTimeout(timer);
    timer = window.setTimeout(() => { if (worthKeeping(read())) keep(); }, 800);
  });
  measure();
  showUnits();

  const list = form.querySelector("[data-similar-list]");
  const title = form.querySelector("#title");
  title.addEventListener("change", async () => {
    if (title.value.trim().length < 4) return;
    const answer = await fetch(`${form.dataset.similar}?q=${encodeURIComponent(title.value)}`).catch(() => null);
    if (!answer || !answer.ok) return;
    const html = await answer.text();
    list.hidden = !html.trim();
    list.innerHTML = html;
  });

  // A double click sends once; if the network fails the button comes back with the page.
  form.addEventListener("submit", () => {
    keep();
    const button = form.querySelector("button[type=submit]");
    window.setTimeout(() => { button.disabled = true; }, 0);
    window.setTimeout(() => { button.disabled = false; }, 8000);
  });
  window.addEventListener("pageshow", () => { form.querySelector("button[type=submit]").disabled = false; });
})();
