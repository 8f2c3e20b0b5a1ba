/* Each condition of a rule with its answer for one finding: met, not met or not to be told, what is recorded in the
   columns that it names, and, of one that cannot be told, which of them are blank. */
(function () {
  "use strict";
  const auditor = window.auditor;
  const h = auditor.h, both = auditor.both, say = auditor.say;
  const SIGNS = { 1: ["✓", "符合", "met"], 0: ["✗", "不符合", "not met"], "?": ["?", "无法判断", "cannot be told"] };

  /* What the rows of a case say in a column; undefined where several rows of the table leave open which is meant. */
  function recorded(records, table, column) {
    const rows = records.filter(function (record) { return auditor.known.tables[record[0]].name === table; });
    if (rows.length !== 1) { return undefined; }
    const place = auditor.known.tables[rows[0][0]].columns.findIndex(function (one) { return one.name === column; });
    return place < 0 ? undefined : rows[0][3][place] || 0;
  }

  function values(columns, records) {
    return columns.map(function (column) {
      const value = recorded(records, column[0], column[1]);
      return value === undefined ? null : [" ", h("span", { class: "recorded" }, both(column[2]), ": ", both(auditor.pair(value)))];
    });
  }

  function line(condition, answer, blank, records) {
    const sign = SIGNS[answer];
    return h("li", { class: "a" + (answer === "?" ? "x" : answer) + (condition.branch ? " branch" : "") },
      h("span", { class: "sign", "aria-hidden": "true" }, sign[0]), " ", h("span", { class: "out" }, say(sign[1], sign[2]), ": "),
      both(condition.text), values(condition.columns, records || []),
      blank ? [" ", h("span", { class: "dim" }, "(", both(auditor.pair(blank)), ")")] : null);
  }

  /* A finding's item has `q`, an answer for each condition: 1, 0 or ?; `qb` the blanks by the condition's place. */
  auditor.conditions = function (finding, rule, records) {
    if (!finding.q) { return null; }
    const made = [];
    let role = null, list = null;
    rule.conditions.forEach(function (condition, place) {
      if (condition.role !== role) {
        role = condition.role;
        list = h("ul", { class: "conditions" });
        made.push(h("h4", {}, both(auditor.known.conditionRoles[role])), list);
      }
      list.appendChild(line(condition, finding.q[place], finding.qb && finding.qb[place], records));
    });
    return h("div", { class: "asked" }, made);
  };
})();
