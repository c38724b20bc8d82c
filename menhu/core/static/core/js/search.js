// Titles that hold what was typed so far, offered by the browser's own list. Without it the form works as ever.
(() => {
  const input = document.querySelector("[data-suggest]");
  const list = input && document.getElementById(input.getAttribute("list"));
  if (!list) return;
  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const text = input.value.trim();
      if (text.length < 2) return;
      const answer = await fetch(`${input.dataset.suggest}?${new URLSearchParams({ q: text })}`).catch(() => null);
      if (!answer || !answer.ok || input.value.trim() !== text) return;
      const { titles } = await answer.json();
      list.replaceChildren(...titles.map((title) => Object.assign(document.createElement("option"), { value: title })));
    }, 200);
  });
})();
