/* Comfort only: every page works without it. */
(() => {
  /* Long choices of units get a box to narrow them by. */
  for (const field of document.querySelectorAll("[data-narrows], [id$='_partners']")) {
    const select = field.matches("select") ? field : null;
    const options = select ? [...select.querySelectorAll("option")] : [...field.querySelectorAll("label")];
    if (options.length < 10) continue;
    const hint = field.closest("form").querySelector("[data-narrows]").dataset.narrows;
    const box = document.createElement("input");
    box.type = "search";
    box.className = "input";
    box.placeholder = hint;
    box.setAttribute("aria-label", hint);
    field.before(box);
    const homes = options.map((option) => option.parentNode);
    box.addEventListener("input", () => {
      const wanted = box.value.trim();
      const chosen = select && select.value;
      options.forEach((option, place) => {
        const isKept = !wanted || option.textContent.includes(wanted) || option.value === "" || Boolean(option.querySelector(":checked"));
        if (!select) option.hidden = !isKept;
        else if (isKept) homes[place].append(option);
        else option.remove();
      });
      const left = select && options.filter((option) => option.value && option.isConnected);
      if (select) select.value = left.length === 1 ? left[0].value : chosen;
    });
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  }

  /* A preset or template fills the boxes named by it, unless something else was typed there. */
  for (const select of document.querySelectorAll("[data-fills]")) {
    let filled = "";
    select.addEventListener("change", () => {
      const target = document.getElementById(select.dataset.fills);
      const words = select.value;
      if (!target || (target.value.trim() && target.value !== filled)) return;
      target.value = filled = words;
    });
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  if (matchMedia("(min-width: 65rem)").matches) {
    for (const details of document.querySelectorAll("[data-opens-wide]")) details.open = true;
  }

  const wrong = document.querySelector("[data-error-summary]");
  if (wrong) wrong.focus();
})();
