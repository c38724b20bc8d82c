/* Large-type edition: a choice of the visitor, kept on the visitor's own device. Runs before the page is drawn. */
(function () {
  "use strict";
  var KEY = "menhu-elder";
  var root = document.documentElement;

  function stored() {
    try { return localStorage.getItem(KEY) === "1"; } catch (error) { return false; }
  }

  function remember(isOn) {
    try { isOn ? localStorage.setItem(KEY, "1") : localStorage.removeItem(KEY); } catch (error) { /* private mode */ }
  }

  root.classList.toggle("elder", stored());

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-elder]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(root.classList.contains("elder")));
      button.addEventListener("click", function () {
        var isOn = root.classList.toggle("elder");
        button.setAttribute("aria-pressed", String(isOn));
        remember(isOn);
      });
    });
    document.querySelectorAll("[data-elder-item]").forEach(function (item) { item.hidden = false; });
  });
})();
