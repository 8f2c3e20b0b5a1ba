/* Everything about one subject: a site, a vehicle, a party, a device. */
(function () {
  "use strict";
  const auditor = window.auditor;
  const h = auditor.h, both = auditor.both, say = auditor.say, head = auditor.head;

  function tallied(places, columns, of) {
    const found = new Map();
    places.forEach(function (place) {
      const rule = auditor.known.rules[columns.rule[place]], key = of(place);
      if (!found.has(key)) { found.set(key, { violation: 0, lead: 0, trial: 0 }); }
      found.get(key)[rule.trial ? "trial" : rule.lead ? "lead" : "violation"] += 1;
    });
    return found;
  }

  function months(places, columns) {
    const found = tallied(places, columns, function (place) { return Math.floor(columns.day[place] / 100); });
    return h("div", { class: "wide" }, h("table", { class: "narrow" },
      h("thead", {}, h("tr", {}, head("月份", "Month"), head("■ 违反规定", "■ violations", true), head("◇ 线索", "◇ leads", true), head("试行", "on trial", true))),
      h("tbody", {}, Array.from(found.keys()).sort().map(function (month) {
        const one = found.get(month), text = String(month);
        return h("tr", {}, h("th", { scope: "row" }, month ? text.slice(0, 4) + "-" + text.slice(4) : say("无日期", "no date")),
          ["violation", "lead", "trial"].map(function (kind) { return h("td", { class: "n" }, auditor.count(one[kind])); }));
      }))));
  }

  auditor.showSubject = function (view, address) {
    return auditor.joined().then(function (data) {
      const columns = data.columns, at = data.subjects.findIndex(function (one) { return one[2] === address.path; });
      if (at < 0) { return auditor.missing(view); }
      const subject = data.subjects[at], kind = auditor.known.kinds[subject[0]], places = [];
      columns.subject.forEach(function (one, place) { if (one === at) { places.push(place); } });
      const sums = tallied(places, columns, function () { return ""; }).get("");
      const table = auditor.table(places.slice(0, 200), null, function (place) { return auditor.outline(columns, data.subjects, place); });
      auditor.title(kind[0] + " " + subject[1], kind[1] + " " + subject[1]);
      auditor.show(view, [
        h("p", { class: "crumbs" }, h("a", { href: "findings.html" }, say("全部发现", "All findings")), " › ", both(kind)),
        h("h1", {}, both(kind), " ", h("span", { class: "id" }, subject[1])),
        h("p", { class: "note" }, say("这里汇集关于该对象的全部发现。审计对象是执法行为：对象为车辆、当事人或地点时，列入本页不说明其有过错。",
          "All findings about this subject. The audit is of enforcement: a vehicle, party or place on this page is no sign of any fault of theirs.")),
        h("dl", { class: "counts" },
          h("div", { class: "hit violation" }, h("dt", {}, "■ ", say("违反规定", "violations")), h("dd", {}, auditor.count(sums.violation))),
          h("div", { class: "hit lead" }, h("dt", {}, "◇ ", say("线索", "leads")), h("dd", {}, auditor.count(sums.lead))),
          sums.trial ? h("div", {}, h("dt", {}, say("试行规则的发现", "by rules on trial")), h("dd", {}, auditor.count(sums.trial))) : null),
        h("section", {}, h("h2", {}, say("各月", "By month")), months(places, columns)),
        h("section", {}, h("h2", {}, say("发现", "Findings"), " ", h("small", {}, say("共 {n} 项", "{n} in all", { n: auditor.count(places.length) }))),
          places.length > 200 ? h("p", { class: "more-list" }, h("a", { href: "findings.html#subject=" + address.path },
            say("全部列出，可搜索和筛选", "All of them, to search and filter"))) : null,
          table.element),
      ]);
      return table.whole;
    });
  };
})();
