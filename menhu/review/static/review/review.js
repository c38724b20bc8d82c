/* Comfort only: every page works without it. */
(() => {
  const form = document.querySelector("[data-batch]");
  if (form) {
    const ticks = [...form.querySelectorAll("[data-tick]")];
    const all = form.querySelector("[data-all]");
    const every = all.querySelector("input");
    const count = form.querySelector("[data-count]");
    const show = () => {
      const chosen = ticks.filter((tick) => tick.checked).length;
      count.textContent = chosen ? `（${chosen}）` : "";
      every.checked = chosen === ticks.length;
      every.indeterminate = chosen > 0 && chosen < ticks.length;
    };
    all.hidden = false;
    every.addEventListener("change", () => {
      ticks.forEach((tick) => { tick.checked = every.checked; });
      show();
    });
    ticks.forEach((tick) => tick.addEventListener("change", show));
    show();
  }

  for (const frame of document.querySelectorAll("[data-grow]")) {
    const grow = () => {
      const page = frame.contentDocument && frame.contentDocument.documentElement;
      if (page) frame.style.height = `${page.scrollHeight + 4}px`;
    };
    frame.addEventListener("load", grow);
    window.addEventListener("resize", grow);
    grow();
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
