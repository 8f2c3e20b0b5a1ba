(function () {
  "use strict";
  var KEY = "auditor.language";
  var page = document.documentElement;
  var title = document.querySelector("title");
  var button = document.getElementById("switch");

  function stored() {
    try { return localStorage.getItem(KEY); } catch (error) { return null; }
  }
  function store(language) {
    try { localStorage.setItem(KEY, language); return true; } catch (error) { return false; }
  }
  function inAddress() {
    var found = /[#&]lang=(zh|en)/.exec(location.hash);
    return found ? found[1] : null;
  }
  function show(language) {
    page.className = language;
    page.lang = language === "zh" ? "zh-CN" : "en";
    title.textContent = title.getAttribute("data-" + language);
    document.dispatchEvent(new CustomEvent("auditor:language", { detail: language }));
  }

  var wanted = inAddress() || stored();
  if (wanted === "zh" || wanted === "en") { show(wanted); }
  if (inAddress()) { store(inAddress()); }

  button.addEventListener("click", function () {
    var language = page.className === "zh" ? "en" : "zh";
    show(language);
    if (!store(language)) {
      var rest = location.hash.slice(1).replace(/&?lang=(zh|en)/, "");
      location.hash = (rest ? rest + "&" : "") + "lang=" + language;
    }
  });

  /* Where nothing can be stored, links carry the language with them. */
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("a[href]") : null;
    if (link && stored() === null && page.className !== page.dataset.default) {
      var href = link.getAttribute("href").replace(/[#&]lang=(zh|en)/, "");
      if (href.indexOf("#") < 0) { link.href = href + "#lang=" + page.className; }
      else if (/(case|finding|findings|subject)\.html#/.test(href)) { link.href = href + "&lang=" + page.className; }
    }
  });

  /* What scrolls sideways can be reached and scrolled by keyboard. */
  function reachable() {
    document.querySelectorAll(".wide, .chart, pre").forEach(function (one) {
      if (one.scrollWidth > one.clientWidth) { one.tabIndex = 0; } else { one.removeAttribute("tabindex"); }
    });
  }
  addEventListener("load", reachable);
  addEventListener("resize", reachable);
  document.addEventListener("auditor:shown", reachable);

  addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (one) { one.open = true; });
  });
})();
