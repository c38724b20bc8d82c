/* Asks before a link leaves the government's own sites. Without this script such links simply open. */
(function () {
  "use strict";
  var dialog = document.querySelector("[data-leave]");
  if (!dialog || !dialog.showModal) return;

  var domain = document.querySelector("meta[name=SiteDomain]").content.replace(/^www\./, "");

  function isOurs(host) {
    return host === location.hostname || host === domain || host.endsWith("." + domain) ||
      /\.gov\.cn$/.test(host) || host === "gov.cn" || /\.xn--zfr164b$/.test(host);
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (!link || dialog.contains(link) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!/^https?:$/.test(link.protocol) || isOurs(link.hostname)) return;
    event.preventDefault();
    dialog.querySelector("[data-leave-host]").textContent = link.hostname;
    dialog.querySelector("[data-leave-go]").href = link.href;
    dialog.showModal();
  });

  dialog.querySelector("[data-leave-go]").addEventListener("click", function () { dialog.close(); });
  dialog.querySelector("[data-leave-stay]").addEventListener("click", function () { dialog.close(); });
})();
