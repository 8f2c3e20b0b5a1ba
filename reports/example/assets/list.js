/* A table of findings, given by their places in the list of all. Rows appear at once with what is known of them; their
   sentences follow as the files that hold them arrive. */
(function () {
  "use strict";
  const auditor = window.auditor;
  const h = auditor.h, both = auditor.both, say = auditor.say, head = auditor.head;

  function cells(finding, place, full) {
    return [
      h("td", { class: "nature" }, auditor.certainty(auditor.known.rules[finding.r].lead), h("br"), auditor.level(finding.l)),
      h("th", { scope: "row" }, full
        ? h("a", { href: auditor.hrefOf(finding, place) }, auditor.subject(finding))
        : auditor.subject(finding), h("div", { class: "of-unit" }, auditor.unitLink(finding.u))),
      h("td", {}, auditor.ruleLink(finding, { class: "rule-name" }), " ",
        full ? auditor.fill(auditor.known.rules[finding.r].message, finding.v) : "…"),
      h("td", { class: "date" }, (finding.d === undefined ? finding.day : finding.d).split(" – ").map(function (day, at) { return at ? [" –", h("br"), day] : day; })),
      h("td", { class: "n" }, auditor.count(finding.n)),
      h("td", {}, auditor.state(finding)),
    ];
  }

  function css(finding) {
    return (auditor.known.rules[finding.r].lead ? "lead" : "violation") + (finding.w ? " waived" : "")
      + (auditor.known.carried.indexOf(finding.st || 0) < 0 ? "" : " carried");
  }

  /* `known`, where given, makes a finding's outline from its place before its file has arrived. */
  auditor.table = function (places, caption, known) {
    const body = h("tbody", {});
    const arrived = places.map(function (place) {
      const outline = known ? known(place) : null;
      const row = h("tr", outline ? { class: css(outline) } : {},
        outline ? cells(outline, place, false) : h("td", { colspan: 6, class: "dim" }, "…"));
      body.appendChild(row);
      return auditor.finding(place).then(function (finding) {
        if (!finding) { return; }
        row.className = css(finding);
        row.textContent = "";
        cells(finding, place, true).forEach(function (cell) { row.appendChild(cell); });
      });
    });
    const made = h("div", { class: "wide" }, h("table", { class: "findings" },
      caption ? h("caption", {}, caption) : null,
      h("thead", {}, h("tr", {}, head("性质、程度", "Nature, level"), head("对象、单位", "Subject, unit"),
        head("发现", "Finding"), head("日期", "Dates"), head("记录", "Rows", true), head("状态", "State"))),
      body));
    return { element: made, whole: Promise.all(arrived) };
  };
})();
