/* The page of a flagged case and the page of a finding that is not about one case. */
(function () {
  "use strict";
  const auditor = window.auditor;
  const h = auditor.h, both = auditor.both, say = auditor.say, head = auditor.head;

  function article(finding, records) {
    return h("article", { class: "told " + (auditor.known.rules[finding.r].lead ? "lead" : "violation"), id: "f-" + finding.id },
      h("h3", {}, auditor.certainty(auditor.known.rules[finding.r].lead), " ", auditor.level(finding.l), " ",
        auditor.ruleLink(finding), " ", auditor.state(finding)),
      auditor.told(finding), auditor.figures(finding), auditor.rows(finding), auditor.identity(finding));
  }

  function timeline(steps) {
    if (!steps.length) { return null; }
    const drawn = h("figure", { class: "chart time", "data-chart": "timeline" },
      h("figcaption", {}, say("按时间比例绘制，编号与下列步骤相同；粗竖线为法定期限届满，粗虚线为逾期。",
        "To scale, numbered as in the list below; thick upright: a legal limit ends; thick dashes: what lies past it.")));
    const list = h("ol", { class: "steps" }, steps.map(function (step) {
      return h("li", { class: step.limit ? "limit" : step.late ? "late" : null }, h("time", {}, step.shown), " ",
        h("b", {}, both(step.what)), " ", h("span", { class: "dim" }, both(step.where)),
        step.since ? [" ", h("span", { class: "since" }, both(step.since))] : null);
    }));
    const key = steps.some(function (step) { return step.limit; }) ? h("p", { class: "dim" },
      h("span", { class: "limit-key", "aria-hidden": "true" }), " ",
      say("竖线为法定期限届满；其后的步骤标为“逾期”。",
        "The upright line is the end of a legal limit; steps after the first limit are marked.")) : null;
    return { section: h("section", {}, h("h2", {}, say("时间线", "Timeline")), drawn, list, key), figure: drawn };
  }

  function draw(figure, steps) {
    if (!window.auditorCharts || steps.length < 2) { figure.remove(); return; }
    const data = steps.map(function (step) {
      return { at: new Date(step.at * 60000).toISOString().slice(0, 16), shown: step.shown, zh: step.what[0], en: step.what[1],
        limit: step.limit, late: step.late };
    });
    figure.appendChild(h("script", { type: "application/json" }, JSON.stringify({ title: { zh: "案件时间线", en: "Time line of the case" }, steps: data })));
  }

  function value(column, said) {
    const text = both(auditor.pair(said));
    if (column.kind === "unit" && typeof said === "string") {
      const name = auditor.known.unitNames[said];
      const page = auditor.unitPages().get(said);
      return [page ? h("a", { href: auditor.root + page }, said) : text, name ? " " + name : ""];
    }
    return column.kind === "officer" && typeof said === "string" ? auditor.officerLink(said) : text;
  }

  function sheet(record) {
    const table = auditor.known.tables[record[0]];
    return h("div", { class: "sheet" },
      h("h3", {}, both(table.label), " ", h("small", { class: "dim" }, auditor.known.files[record[1]] + " : " + record[2])),
      h("dl", { class: "facts" }, record[3].map(function (said, place) {
        if (said === 0) { return null; }
        return h("div", {}, h("dt", {}, both(table.columns[place].label)), h("dd", {}, value(table.columns[place], said)));
      })));
  }

  function summary(finding, href, note) {
    return h("li", {}, auditor.certainty(auditor.known.rules[finding.r].lead), " ", auditor.level(finding.l), " ",
      h("a", { href: href }, both(auditor.known.rules[finding.r].title)), " ", note || auditor.state(finding));
  }

  function all(places) { return Promise.all((places || []).map(auditor.finding)); }

  auditor.showCase = function (view, address) {
    const slug = auditor.decoded(address.path);
    return Promise.all([auditor.caseOf(slug), auditor.load("rules")]).then(function (loaded) {
      const item = loaded[0];
      if (!item) { return auditor.missing(view); }
      return Promise.all([all(item.f), all(item.m)]).then(function (found) {
        const kind = auditor.known.tables[item.t].name === "cases" ? ["案件", "case"] : auditor.known.tables[item.t].label;
        const steps = auditor.steps(item.r, found[0]);
        const line = timeline(steps);
        auditor.title(kind[0] + " " + item.k, kind[1] + " " + item.k);
        auditor.show(view, [
          h("p", { class: "crumbs" }, h("a", { href: "index.html" }, say("总览", "Overview")), " › ", both(kind)),
          h("h1", {}, both(kind), " ", h("span", { class: "id" }, item.k)),
          h("ul", { class: "summary" },
            found[0].map(function (one) { return summary(one, "#" + address.path + "&f=" + one.id); }),
            found[1].map(function (one, place) {
              return summary(one, auditor.hrefOf(one, item.m[place]), h("span", { class: "dim" },
                say("（涉及多案，本案为其一）", "(rests on many cases, this one among them)")));
            })),
          line ? line.section : null,
          h("section", {}, h("h2", {}, say("发现", "Findings")), found[0].map(function (one) { return article(one, item.r); })),
          h("section", {}, h("h2", {}, say("记录所载", "As recorded")), item.r.length ? item.r.map(sheet)
            : h("p", { class: "dim" }, say("没有保存原始记录。", "The rows were not kept."))),
        ]);
        if (line) { draw(line.figure, steps); }
        if (window.auditorCharts) { window.auditorCharts.draw(view); }
        const wanted = address.f && document.getElementById("f-" + address.f);
        if (wanted) { wanted.classList.add("wanted"); wanted.scrollIntoView(); }
      });
    });
  };

  function listed(finding) {
    if (!finding.list) { return null; }
    return h("section", {}, h("h2", {}, say("所依据的记录", "The rows it rests on"), " ",
        h("small", {}, say("共 {n} 行", "{n} in all", { n: auditor.count(finding.listn) }))),
      finding.list.length < finding.listn ? h("p", { class: "note" },
        say("本页列出前 {a} 行；全部 {n} 行见工作底稿 evidence.parquet。",
          "The first {a} are listed; all {n} are in the working papers, evidence.parquet.",
          { a: auditor.count(finding.list.length), n: auditor.count(finding.listn) })) : null,
      h("div", { class: "wide" }, h("table", { class: "narrow" },
        h("thead", {}, h("tr", {}, head("表", "Table"), head("编号", "Id"),
          finding.cols.map(function (label) { return h("th", { scope: "col" }, both(auditor.pair(label))); }),
          head("文件", "File"), head("行号", "Row", true))),
        h("tbody", {}, finding.list.map(function (row) {
          return h("tr", {}, auditor.rowCells(row, finding.c),
            row.slice(6).map(function (said) { return h("td", {}, both(auditor.pair(said))); }),
            h("td", {}, auditor.known.files[row[3]]), h("td", { class: "n" }, row[4]));
        })))));
  }

  /* The place that an address names, PLACE.ID or the id alone. Where another finding stands there by now, as in the
     report of another day, the id tells where the one that is meant has gone. */
  function placed(path) {
    const parts = path.split("."), id = parts[parts.length - 1];
    if (parts.length !== 2 || !/^\d+$/.test(parts[0])) { return auditor.placeOf(id); }
    const place = parseInt(parts[0], 10);
    return auditor.finding(place).then(function (there) { return there && there.id === id ? place : auditor.placeOf(id); });
  }

  auditor.showFinding = function (view, address) {
    return Promise.all([placed(address.path), auditor.load("rules")]).then(function (known) {
      return Promise.all([known[0], known[0] < 0 ? null : auditor.finding(known[0])]);
    }).then(function (loaded) {
      const place = loaded[0], finding = loaded[1];
      if (!finding) { return auditor.missing(view); }
      if (finding.c.length === 1) { location.replace(auditor.hrefOf(finding, place)); return null; }
      const rule = auditor.known.rules[finding.r], kind = auditor.known.kinds[finding.s[0]];
      auditor.title(rule.title[0] + " " + finding.s[1], rule.title[1] + " " + finding.s[1]);
      const related = finding.rel.length
        ? auditor.table(finding.rel, say("共 {n} 项", "{n} in all", { n: auditor.count(finding.reln) })) : null;
      auditor.show(view, [
        h("p", { class: "crumbs" }, auditor.ruleLink(finding), " › ", both(kind)),
        h("h1", {}, both(kind), " ", finding.o ? auditor.officerLink(finding.o) : h("span", { class: "id" }, finding.s[1])),
        h("p", { class: "tags" }, auditor.certainty(rule.lead), " ", auditor.level(finding.l), " ", auditor.state(finding), " ",
          auditor.unitLink(finding.u)),
        rule.lead ? auditor.leadNote() : null,
        h("article", { class: "told " + (rule.lead ? "lead" : "violation"), id: "f-" + finding.id },
          auditor.told(finding), auditor.figures(finding), auditor.rows(finding), auditor.identity(finding)),
        listed(finding),
        related ? h("section", {}, h("h2", {}, say("同一对象的其他发现", "Other findings about the same subject")), related.element) : null,
      ]);
      if (window.auditorCharts) { window.auditorCharts.draw(view); }
      return related ? related.whole : null;
    });
  };
})();
