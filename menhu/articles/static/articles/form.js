// Comforts of the article form; without them everything still works by its buttons.
"use strict";
(() => {
  const form = document.querySelector("#article-form");
  if (!form) return;

  // Only a normative document has a card.
  const genre = form.querySelector("[name=genre]");
  const showCard = () => {
    for (const part of form.querySelectorAll("[data-shown-for]")) part.hidden = part.dataset.shownFor !== genre.value;
  };
  genre.addEventListener("change", showCard);
  showCard();

  // A .docx goes straight into the editor.
  const drop = form.querySelector("[data-docx]");
  const status = form.querySelector("[data-docx-status]");
  form.querySelector("[data-docx-button]").addEventListener("click", async (event) => {
    const file = form.querySelector("[name=docx]").files[0];
    event.preventDefault();
    if (!file) { status.textContent = "请先选择 .docx 文件。"; return; }
    status.textContent = "正在导入……";
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    body.append("unit", form.dataset.unit);
    body.append("docx", file);
    try {
      const answer = await fetch(drop.dataset.docx, { method: "POST", body });
      const found = await answer.json();
      if (found.error) { status.textContent = found.error; return; }
      put(found.html);
      status.textContent = "已导入，请通读一遍；图片要补写说明。";
      form.querySelector("[name=docx]").value = "";
    } catch { status.textContent = "没有导入成功，请检查网络和登录状态后再试。"; }
  });
  function put(html) {
    const area = form.querySelector("[name=body]");
    const editor = window.Jodit && Object.values(window.Jodit.instances)[0];
    if (editor) editor.value += html; else area.value += html;
  }

  // Columns of other sites, found while typing.
  const finder = form.querySelector("[data-find-columns]");
  if (finder) {
    finder.hidden = false;
    const box = finder.querySelector("input");
    const found = finder.querySelector("[data-found-columns]");
    let timer;
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    box.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => find(box.value.trim()), 250);
    });
    async function find(words) {
      keepTicked();
      if (!words) { found.replaceChildren(); return; }
      const asked = new URLSearchParams({ q: words, unit: form.dataset.unit });
      const answer = await fetch(`${finder.dataset.findColumns}?${asked}`);
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const choice of page.querySelectorAll("input")) {
        if (form.querySelector(`[name=proposals][value="${choice.value}"]`)) choice.closest("label").remove();
      }
      found.replaceChildren(...page.body.childNodes);
    }
    function keepTicked() {
      for (const choice of found.querySelectorAll("input:checked")) finder.before(choice.closest("label"));
    }
  }

  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
})();
