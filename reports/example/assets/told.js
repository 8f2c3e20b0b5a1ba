/* A finding worked out: its sentence, its sum, the articles of the day, what may excuse it, and every source row.

   A finding's item: id; r rule, l level, st state (left out: new), w waived; s [kind, shown id]; x the subject's name in addresses; u unit; n rows of the rule's table;
   day of the act, d dates where these differ; v values of the rule's facts; b articles in force; c cases that have a page because of it;
   e rows [role, table, key, file, row, case: 0, its place in c from 1, or its name]; rows how many where not all; o officer whom it is about; fp fingerprint; ev, iv: see figures.js;
   cp and cr of one carried from an earlier run: the period it was found in last, and what became of it; seen, the periods in which one was found;
   and where it has a page of its own: fig figures, rel others about the subject (reln in all), cols, list, listn. */
(function () {
  "use strict";
  const auditor = window.auditor;
  const h = auditor.h, both = auditor.both, say = auditor.say;

  auditor.subject = function (finding) {
    return [h("span", { class: "kind" }, both(auditor.known.kinds[finding.s[0]])), " ",
      h("span", { class: "id" }, finding.s[1]),
      finding.o && auditor.known.officerNames[finding.o] ? " " + auditor.known.officerNames[finding.o] : ""];
  };

  auditor.leadNote = function () {
    return h("p", { class: "note lead-note" }, h("span", { "aria-hidden": "true" }, "◇"), " ",
      say("以下是线索，不等于违法：数字说明值得核查，不说明有过错。",
        "These are leads, not violations: the figures say that a look is worth while, not that anyone did wrong."));
  };

  function texts(list) {
    return h("ul", {}, list.length
      ? list.map(function (pair) { return h("li", {}, both(pair)); })
      : h("li", { class: "dim" }, say("规则未列出", "none given by the rule")));
  }

  function facts(labels, values) {
    return h("dl", { class: "facts" }, labels.map(function (label, place) {
      return h("div", {}, h("dt", {}, both(label)), h("dd", {}, both(auditor.pair(values[place]))));
    }));
  }

  function article(one) {
    return h("li", {},
      h("b", {}, one.default ? [say("项目默认值", "project default"), ": "] : null, "《" + one.law + "》" + one.article),
      one.span[0] ? [" ", h("span", { class: "dim" }, both(one.span))] : null,
      one.mark[0] ? [" ", h("span", { class: "mark" }, both(one.mark))] : null,
      one.says ? [h("br"), both(one.says)] : null);
  }

  function articles(finding, rule) {
    const cited = finding.b.map(function (place) { return article(rule.basis[place]); });
    return [
      h("h4", {}, say("行为日 {d} 施行的依据", "Ground in force on {d}", { d: finding.day })),
      h("ul", { class: "articles" }, cited.length ? cited
        : h("li", {}, say("规则没有列出在该日有效的条文。", "The rule names no article in force on that day."))),
      rule.basis.length > cited.length
        ? h("p", { class: "dim" }, say("该规则另列有当日不在施行期内的条文，见规则页。",
          "The rule also names articles not in force that day; see its page.")) : null,
    ];
  }

  /* What became of it since the run before. */
  function followed(finding) {
    if (finding.cp !== undefined) {
      return h("p", { class: "note carried" },
        h("b", {}, say("承接自 {p} 的发现，本次未再发现。", "Carried from {p}; not found in this run.", { p: finding.cp })), " ",
        finding.cr ? [both(auditor.pair(finding.cr)), say("。", "."), " "] : null,
        say("以下是当时的内容。", "What follows is as it stood then."));
    }
    return finding.seen ? h("p", { class: "dim" }, say("已在 {n} 次运行中发现：{p}", "Found in {n} runs: {p}",
      { n: finding.seen.length, p: finding.seen.join(", ") })) : null;
  }

  /* Everything about the finding but its rows; `records` are those of the case that is shown, if one is. */
  auditor.told = function (finding, records) {
    const rule = auditor.ruled[finding.r], short = auditor.known.rules[finding.r];
    return [
      followed(finding),
      h("p", { class: "message" }, auditor.fill(short.message, finding.v)),
      finding.cp !== undefined ? null : rule.notes.map(function (note) { return h("p", { class: "note" }, both(note)); }),
      auditor.conditions(finding, rule, records),
      rule.arithmetic.length ? h("div", { class: "sum" }, h("h4", {}, say("计算", "The arithmetic")),
        h("ol", {}, rule.arithmetic.map(function (step) { return h("li", {}, auditor.fill(step, finding.v)); }))) : null,
      finding.fig ? h("dl", { class: "facts" }, finding.fig.map(function (one) {
        return h("div", {}, h("dt", {}, both(auditor.pair(one[0]))), h("dd", {}, both(auditor.pair(one[1]))));
      })) : null,
      h("div", { class: "columns" },
        h("section", {}, articles(finding, rule),
          h("h4", {}, say("所用事实", "Facts used")), facts(rule.facts, finding.v)),
        h("section", {},
          h("h4", {}, say("可能的正当理由", "Innocent explanations")), texts(rule.excuses),
          h("h4", {}, say("下一步核实", "What to check next")), texts(rule.verify))),
    ];
  };

  auditor.head = function (zh, en, number) { return h("th", { scope: "col", class: number ? "n" : null }, say(zh, en)); };

  auditor.rowCells = function (row, cases) {
    const slug = typeof row[5] === "string" ? row[5] : row[5] ? cases[row[5] - 1] : null, key = row[2];
    return [
      h("td", {}, both(auditor.known.tables[row[1]].label)),
      h("td", { class: "id" }, slug ? h("a", { href: auditor.root + "case.html#" + slug }, key) : key),
    ];
  };

  /* The rows that the finding rests on. */
  auditor.rows = function (finding) {
    if (!finding.e || !finding.e.length) { return null; }
    return h("div", { class: "wide" }, h("table", { class: "narrow" },
      h("caption", {}, say("来源记录，共 {n} 行", "Source rows, {n} in all", { n: auditor.count(finding.rows || finding.e.length) })),
      h("thead", {}, h("tr", {}, auditor.head("作用", "Role"), auditor.head("表", "Table"), auditor.head("编号", "Id"),
        auditor.head("文件", "File"), auditor.head("行号", "Row", true))),
      h("tbody", {}, finding.e.map(function (row) {
        return h("tr", {}, h("td", {}, both(auditor.known.roles[row[0]])), auditor.rowCells(row, finding.c),
          h("td", {}, auditor.known.files[row[3]]), h("td", { class: "n" }, row[4]));
      }))));
  };

  auditor.identity = function (finding) {
    return h("p", { class: "dim" }, h("a", { href: auditor.root + "subject.html#" + finding.x },
      say("同一对象的全部发现", "All findings about the same subject")), " · ",
      say("发现编号", "finding"), " ", h("span", { class: "id" }, finding.id),
      finding.fp ? [" · ", h("span", { class: "id" }, finding.fp)] : null);
  };
})();
