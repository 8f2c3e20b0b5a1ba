/* Shows what the address asks for, and says so where it cannot. */
(function () {
  "use strict";
  const auditor = window.auditor;
  const view = document.getElementById("view");
  const shows = { case: "showCase", finding: "showFinding", subject: "showSubject", findings: "showFindings" };

  auditor.show = function (place, children) {
    place.textContent = "";
    children.forEach(function (child) { if (child) { place.appendChild(child); } });
    place.setAttribute("aria-busy", "false");
  };

  auditor.missing = function (place) {
    auditor.show(place, [auditor.h("p", { class: "note" },
      auditor.say("本报告中没有此项，链接可能来自另一期报告。", "This report holds no such item; the link may be of another report."),
      " ", auditor.h("a", { href: "findings.html" }, auditor.say("全部发现", "All findings")))]);
  };

  function failed(error) {
    view.textContent = "";
    view.setAttribute("aria-busy", "false");
    const note = document.createElement("p");
    note.className = "note";
    note.textContent = "数据文件无法读取，请保持报告文件夹完整 · A file of the report could not be read; keep its folder whole: " + error.message;
    view.appendChild(note);
    throw error;
  }

  function run() {
    return auditor.load("words").then(function () {
      return auditor[shows[view.dataset.view]](view, auditor.address());
    }).then(function () { document.dispatchEvent(new CustomEvent("auditor:shown")); }, failed);
  }

  /* The language alone changing in the address is no reason to build the page again. */
  let last = "";
  function changed() {
    const now = location.hash.replace(/&?lang=(zh|en)/, "");
    if (now === last && view.dataset.ready) { return; }
    last = now;
    view.dataset.ready = "1";
    run();
  }
  addEventListener("hashchange", changed);
  changed();
})();
