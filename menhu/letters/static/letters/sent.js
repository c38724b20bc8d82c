// The letter has arrived: the copy on this device is no longer needed.
"use strict";
(() => {
  if (!document.querySelector("[data-letter-sent]")) return;
  try { localStorage.removeItem("menhu-letter"); } catch { /* forbidden: nothing was kept */ }
  const print = document.querySelector("[data-print]");
  print.hidden = false;
  print.addEventListener("click", () => window.print());
})();
