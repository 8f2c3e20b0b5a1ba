/* The time line of a case: its dated steps in order, with the ends of legal limits among them.

   A limit in whole days ends at 24:00 of its day, so it stands after everything of that day. The validity of a register
   is no step of a case. A moment is text, `2024-05-02` or `2024-05-02 09:10`, and is compared as whole minutes. */
(function () {
  "use strict";
  const auditor = window.auditor;
  const MOMENT = /^(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d))?$/;
  const DAY = 24 * 60;

  function minutes(shown) {
    const found = MOMENT.exec(shown);
    if (!found) { return null; }
    return Date.UTC(+found[1], +found[2] - 1, +found[3], +(found[4] || 0), +(found[5] || 0)) / 60000;
  }

  function ofRecords(records, tables) {
    const found = [];
    records.forEach(function (record) {
      const table = tables[record[0]];
      if (!table.steps) { return; }
      record[3].forEach(function (value, place) {
        const column = table.columns[place];
        const at = column.kind === "moment" && typeof value === "string" ? minutes(value) : null;
        if (at !== null) { found.push({ at: at, shown: value, what: column.label, where: table.label, limit: false }); }
      });
    });
    return found;
  }

  /* The end of a limit, and the as-of day as the last step of what was not done by then. */
  function ofFinding(finding, rule, title) {
    const found = [];
    const value = function (name) { return rule.names.indexOf(name) < 0 ? undefined : finding.v[rule.names.indexOf(name)]; };
    const due = value("due"), asOf = value("as_of");
    const at = typeof due === "string" ? minutes(due) : null;
    if (at !== null) {
      const whole = due.length === 10;
      found.push({ at: whole ? at + DAY : at, shown: whole ? due + " 24:00" : due,
        what: ["期限届满", "legal limit ends"], where: title, limit: true });
    }
    if (finding.cp === undefined && typeof asOf === "string" && value("finish") === 0 && minutes(asOf) !== null) {
      found.push({ at: minutes(asOf) + DAY, shown: asOf.slice(0, 10) + " 24:00",
        what: ["统计截止，尚未完成", "as-of day, still open"], where: ["", ""], limit: false });
    }
    return found;
  }

  /* A length in words of both languages, by the browser's own rules of plurals. */
  function unit(number, name, display) {
    return ["zh-CN", "en"].map(function (language) {
      return new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: display }).format(number);
    });
  }

  function since(before, after) {
    if (before === after) { return null; }
    const days = Math.floor(after / DAY) - Math.floor(before / DAY);
    const hours = Math.floor((after - before) / 60), rest = (after - before) % 60;
    const parts = days > 0 ? [unit(days, "day", "long")]
      : [hours ? unit(hours, "hour", "short") : null, rest || !hours ? unit(rest, "minute", "short") : null];
    const said = parts.filter(Boolean);
    return [0, 1].map(function (language) {
      return "+" + said.map(function (pair) { return pair[language]; }).join(" ");
    });
  }

  /* Each step of one moment, place and name stands once. */
  auditor.steps = function (records, findings) {
    const once = new Map();
    let all = ofRecords(records, auditor.known.tables);
    findings.forEach(function (one) {
      all = all.concat(ofFinding(one, auditor.ruled[one.r], auditor.known.rules[one.r].title));
    });
    all.forEach(function (step) { once.set([step.at, step.where[0], step.what[0]].join("|"), step); });
    const ordered = Array.from(once.values()).sort(function (a, b) {
      return a.at - b.at || a.limit - b.limit || (a.where[0] < b.where[0] ? -1 : a.where[0] > b.where[0] ? 1 : 0)
        || (a.what[0] < b.what[0] ? -1 : 1);
    });
    const limits = ordered.filter(function (step) { return step.limit; });
    ordered.forEach(function (step, place) {
      step.since = place ? since(ordered[place - 1].at, step.at) : null;
      step.late = !step.limit && limits.length > 0 && step.at > limits[0].at;
    });
    return ordered;
  };
})();
