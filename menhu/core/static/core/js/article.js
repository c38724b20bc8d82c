/* Tools of an article: size of the text, print, copy the address. Hidden unless this script runs. */
(function () {
  "use strict";
  var tools = document.querySelector("[data-tools]");
  var body = document.querySelector("[data-article]");
  if (!tools || !body) return;

  var sizes = Array.from(tools.querySelectorAll("[data-size]"));

  function choose(chosen) {
    sizes.forEach(function (button) {
      var isChosen = button === chosen;
      button.setAttribute("aria-pressed", String(isChosen));
      if (button.dataset.size) body.classList.toggle(button.dataset.size, isChosen);
    });
  }

  sizes.forEach(function (button) {
    button.addEventListener("click", function () { choose(button); });
  });

  tools.querySelector("[data-print]").addEventListener("click", function () { window.print(); });

  var copy = tools.querySelector("[data-copy]");
  if (navigator.clipboard) {
    copy.addEventListener("click", function () {
      navigator.clipboard.writeText(copy.dataset.copy).then(function () {
        copy.querySelector("span").textContent = copy.dataset.done;
      });
    });
  } else {
    copy.hidden = true;
  }

  tools.hidden = false;
})();
