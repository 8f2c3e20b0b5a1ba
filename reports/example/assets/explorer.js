/* The list of all findings: searched, filtered and sorted here, with everything chosen kept in the address. */
(function () {
  "use strict";
  const auditor = window.auditor;
  const h = auditor.h, both = auditor.both, say = auditor.say;
  const PAGE = 50, SHOWN = 8;
  const SORTS = [["", "按性质和程度", "by nature and level"], ["-day", "日期，新的在前", "newest first"],
    ["day", "日期，旧的在前", "oldest first"], ["-rows", "记录数，多的在前", "most rows first"]];

  /* A facet whose choices come from the columns: one number for each finding. */
  function facet(name, title, values, codes, more) {
    return Object.assign({ name: name, title: title, values: values, codes: codes,
      label: function (value) { return [value, value]; } }, more);
  }

  function labelled(pairs) {
    const map = new Map(pairs);
    return { label: function (value) { return map.get(value) || [value, value]; } };
  }

  function facetsOf(columns, subjects) {
    const known = auditor.known, rules = known.rules;
    const css = known.levels.map(function (level) { return level.css; });
    const chapters = known.chapters.map(function (chapter) { return chapter[0]; });
    const ofRule = rules.map(function (rule) {
      return Array.from(new Set(rule.covers.map(function (item) { return chapters.indexOf(item.split("-")[0]); })))
        .filter(function (at) { return at >= 0; });
    });
    const kinds = ["violation", "lead", "trial"], words = [known.certainty[0].word, known.certainty[1].word, ["试行规则", "rule on trial"]];
    const kindOf = rules.map(function (rule) { return rule.trial ? 2 : rule.lead ? 1 : 0; });
    const states = known.states.map(function (state, at) { return String(at); }).concat("waived");
    const units = known.units.map(function (unit) { return unit[0]; });
    const months = new Map(), names = new Map();
    const month = columns.day.map(function (day) {
      const number = Math.floor(day / 100);
      if (!months.has(number)) { months.set(number, months.size); }
      return months.get(number);
    });
    subjects.forEach(function (subject) { names.set(subject[2], [subject[1], subject[1]]); });
    const pair = function (one) { return [one[0], [one[0] + " " + one[1], one[0] + " " + (one.length > 2 && one[2].indexOf("/") < 0 ? one[2] : one[1])]]; };
    return [
      facet("kind", ["性质", "Kind"], kinds, columns.rule.map(function (rule) { return kindOf[rule]; }),
        Object.assign({ order: kinds }, labelled(kinds.map(function (kind, at) { return [kind, words[at]]; })))),
      facet("level", ["程度", "Level"], css, columns.level,
        Object.assign({ order: css }, labelled(known.levels.map(function (level) { return [level.css, level.word]; })))),
      facet("state", ["状态", "State"], states,
        columns.state.map(function (state, at) { return columns.waived.has(at) ? states.length - 1 : state; }),
        labelled(known.states.map(function (state, at) { return [String(at), state]; }).concat([["waived", ["已豁免", "waived"]]]))),
      facet("chapter", ["整治方面", "Chapter of the plan"], chapters, columns.rule.map(function (rule) { return ofRule[rule]; }),
        Object.assign({ order: chapters }, labelled(known.chapters.map(pair)))),
      facet("unit", ["单位", "Unit"], units.concat("~"), columns.unit.map(function (unit) { return unit < 0 ? units.length : unit; }),
        labelled(known.units.map(function (unit) { return [unit[0], [unit[1], unit[1]]]; }).concat([["~", ["未记录单位", "no unit recorded"]]]))),
      facet("rule", ["规则", "Rule"], rules.map(function (rule) { return rule.id; }), columns.rule,
        labelled(rules.map(function (rule) { return [rule.id, rule.title]; }))),
      facet("officer", ["人员", "Officer"], known.officers.map(function (officer) { return officer[0]; }), columns.officers,
        labelled(known.officers.map(pair))),
      facet("month", ["月份", "Month"], Array.from(months.keys()).map(function (number) {
        return number ? String(number).slice(0, 4) + "-" + String(number).slice(4) : "~";
      }), month, Object.assign({ sorted: true }, labelled([["~", ["无日期", "no date"]]]))),
      facet("subject", ["对象", "Subject"], subjects.map(function (subject) { return subject[2]; }), columns.subject,
        Object.assign({ hidden: true }, labelled(Array.from(names)))),
    ];
  }

  function read(facets) {
    const address = auditor.address(), chosen = {};
    facets.forEach(function (facet) {
      const raw = address[facet.name];
      chosen[facet.name] = new Set(raw ? raw.split(",").map(auditor.decoded) : []);
    });
    return { chosen: chosen, text: address.q ? auditor.decoded(address.q) : "", sort: address.sort || "",
      page: Math.max(1, parseInt(address.page, 10) || 1) };
  }

  function write(facets, state) {
    const parts = [];
    facets.forEach(function (facet) {
      const values = Array.from(state.chosen[facet.name]);
      if (values.length) { parts.push(facet.name + "=" + values.map(encodeURIComponent).join(",")); }
    });
    if (state.text) { parts.push("q=" + encodeURIComponent(state.text)); }
    if (state.sort) { parts.push("sort=" + state.sort); }
    if (state.page > 1) { parts.push("page=" + state.page); }
    const language = auditor.address().lang;
    if (language) { parts.push("lang=" + language); }
    return parts.join("&");
  }

  function ordered(places, columns, sort) {
    const column = columns[sort.replace("-", "")];
    if (!column) { return places; }
    const sign = sort[0] === "-" ? -1 : 1;
    return places.slice().sort(function (a, b) { return sign * (column[a] - column[b]) || a - b; });
  }

  auditor.showFindings = function (view) {
    return auditor.joined().then(function (data) {
      const columns = data.columns, subjects = data.subjects, total = auditor.known.total;
      const facets = facetsOf(columns, subjects);
      let state = read(facets), opened = new Set(), timer = 0;
      const found = h("div", { id: "found" });
      const status = h("p", { id: "status", role: "status", "aria-live": "polite" });
      const panel = h("form", { class: "facets", "aria-label": "筛选 · Filter" });
      const search = h("input", { type: "search", id: "q", autocomplete: "off" });
      const sort = h("select", { id: "sort" }, SORTS.map(function (one) { return h("option", { value: one[0] }); }));
      const narrow = h("details", { class: "facet-box", open: innerWidth > 800 }, h("summary", {}, say("筛选", "Filter")), panel);

      function words() {
        const english = document.documentElement.className === "en";
        search.placeholder = english ? "Rule, unit, officer, subject or case" : "规则、单位、人员、对象或案件";
        SORTS.forEach(function (one, place) { sort.options[place].textContent = one[english ? 2 : 1]; });
      }

      function box(facet, value, count) {
        const input = h("input", { type: "checkbox", name: facet.name, value: value });
        input.checked = state.chosen[facet.name].has(value);
        return h("label", { class: count ? null : "none" }, input, " ", h("span", { class: "name" }, both(facet.label(value))), " ",
          h("span", { class: "n" }, auditor.count(count)));
      }

      /* The choices to show, with their counts: those that some finding has, and those chosen. */
      function values(facet, counts) {
        const picked = state.chosen[facet.name], list = [];
        if (facet.hidden && !picked.size) { return list; }
        facet.values.forEach(function (value, at) {
          if (counts[at] || picked.has(value)) { list.push({ value: value, count: counts[at] }); }
        });
        picked.forEach(function (value) { if (facet.values.indexOf(value) < 0) { list.push({ value: value, count: 0 }); } });
        if (facet.hidden) { return list.filter(function (one) { return picked.has(one.value); }); }
        if (facet.order) { return list; }
        return list.sort(function (a, b) {
          return (facet.sorted ? 0 : b.count - a.count) || (a.value < b.value ? -1 : 1);
        });
      }

      function fieldset(facet, counts) {
        const all = values(facet, counts), whole = opened.has(facet.name) || all.length <= SHOWN + 2 || facet.sorted;
        if (!all.length) { return null; }
        const shown = whole ? all : all.filter(function (one, at) { return at < SHOWN || state.chosen[facet.name].has(one.value); });
        return h("fieldset", {}, h("legend", {}, both(facet.title)),
          shown.map(function (one) { return box(facet, one.value, one.count); }),
          whole ? null : h("button", { type: "button", class: "more", "data-open": facet.name },
            say("其余 {n} 个", "{n} more", { n: all.length - shown.length })));
      }

      function chips() {
        const made = [];
        facets.forEach(function (facet) {
          state.chosen[facet.name].forEach(function (value) {
            made.push(h("button", { type: "button", class: "chip", "data-name": facet.name, "data-value": value },
              both(facet.title), ": ", both(facet.label(value)), h("span", { "aria-hidden": "true" }, " ×"),
              h("span", { class: "out" }, say("去掉", "remove"))));
          });
        });
        if (made.length) { made.push(h("button", { type: "button", class: "chip", "data-name": "" }, say("全部清除", "clear all"))); }
        return h("p", { class: "chips" }, made);
      }

      function tally(counts) {
        const said = [["■ 违反规定", "■ violations"], ["◇ 线索", "◇ leads"], ["试行规则的发现", "by rules on trial"]];
        return facets[0].values.map(function (value, at) { return [value, at]; })
          .filter(function (one) { return !state.chosen.kind.size || state.chosen.kind.has(one[0]); })
          .map(function (one, place) {
            return [place ? " · " : "", h("b", {}, auditor.count(counts[one[1]])), " ", say(said[one[1]][0], said[one[1]][1])];
          });
      }

      function pager(count) {
        const pages = Math.ceil(count / PAGE);
        if (pages < 2) { return null; }
        const at = state.page, wanted = new Set([1, pages]);
        for (let page = Math.max(1, at - 2); page <= Math.min(pages, at + 2); page += 1) { wanted.add(page); }
        const made = [];
        let before = 0;
        Array.from(wanted).sort(function (a, b) { return a - b; }).forEach(function (page) {
          if (page > before + 1) { made.push(h("span", {}, "…")); }
          made.push(h("button", { type: "button", "data-page": page, "aria-current": page === at ? "page" : null }, auditor.count(page)));
          before = page;
        });
        return h("nav", { class: "pager", "aria-label": "分页 · Pages" },
          h("span", {}, say("第 {a}–{b} 条", "{a}–{b}", { a: auditor.count((at - 1) * PAGE + 1), b: auditor.count(Math.min(count, at * PAGE)) })), made);
      }

      function draw() {
        const started = performance.now();
        const sifted = auditor.sifted(total, facets, state.chosen, auditor.searched(columns, subjects, state.text));
        const places = ordered(sifted.places, columns, state.sort);
        state.page = Math.min(state.page, Math.max(1, Math.ceil(places.length / PAGE)));
        const shown = places.slice((state.page - 1) * PAGE, state.page * PAGE);
        const focus = document.activeElement;
        const back = focus && panel.contains(focus) ? [focus.name, focus.value, focus.dataset.open] : null;
        panel.textContent = "";
        facets.forEach(function (facet, at) { const made = fieldset(facet, sifted.counts[at]); if (made) { panel.appendChild(made); } });
        if (back) {
          const again = Array.from(panel.querySelectorAll("input")).find(function (one) { return one.name === back[0] && one.value === back[1]; })
            || panel.querySelector("input[name='" + CSS.escape(back[2] || "") + "']");
          if (again) { again.focus({ preventScroll: true }); }
        }
        status.textContent = "";
        status.appendChild(h("span", {}, tally(sifted.counts[0])));
        found.textContent = "";
        found.appendChild(chips());
        if (places.length) {
          const table = auditor.table(shown, null, function (place) { return auditor.outline(columns, subjects, place); });
          [pager(places.length), table.element, pager(places.length)].forEach(function (one) { if (one) { found.appendChild(one); } });
          table.whole.then(function () {
            view.dataset.whole = "1";
            document.dispatchEvent(new CustomEvent("auditor:shown"));
          });
        } else {
          found.appendChild(h("p", { class: "note" }, say("没有符合条件的发现。没有发现不等于没有问题：请同时看哪些规则没有运行。",
            "No finding matches. None found does not mean in order: see also which rules were not run.")));
        }
        view.dataset.milliseconds = String(Math.round(performance.now() - started));
      }

      /* Choosing rewrites the address without adding a step to the history for each letter typed. */
      function chosen(keepPage) {
        if (!keepPage) { state.page = 1; }
        const written = write(facets, state);
        history.replaceState(null, "", written ? "#" + written : location.pathname);
        view.dataset.whole = "";
        draw();
      }

      panel.addEventListener("change", function (event) {
        const box = event.target, set = state.chosen[box.name];
        if (box.checked) { set.add(box.value); } else { set.delete(box.value); }
        chosen();
      });
      panel.addEventListener("submit", function (event) { event.preventDefault(); });
      panel.addEventListener("click", function (event) {
        const name = event.target.closest("button") && event.target.closest("button").dataset.open;
        if (name) { opened.add(name); draw(); }
      });
      found.addEventListener("click", function (event) {
        const button = event.target.closest("button");
        if (!button) { return; }
        if (button.dataset.page) {
          state.page = parseInt(button.dataset.page, 10);
          chosen(true);
          view.scrollIntoView();
        } else if (button.dataset.name) {
          state.chosen[button.dataset.name].delete(button.dataset.value);
          chosen();
        } else {
          facets.forEach(function (facet) { state.chosen[facet.name].clear(); });
          chosen();
        }
      });
      search.addEventListener("input", function () {
        clearTimeout(timer);
        timer = setTimeout(function () { state.text = search.value.trim(); chosen(); }, 120);
      });
      sort.addEventListener("change", function () { state.sort = sort.value; chosen(); });
      document.addEventListener("auditor:language", words);

      search.value = state.text;
      sort.value = state.sort;
      words();
      auditor.show(view, [
        h("h1", {}, say("全部发现", "All findings")),
        h("div", { class: "finder" },
          h("label", { for: "q" }, say("搜索", "Search")), search,
          h("label", { for: "sort" }, say("排序", "Order")), sort, status),
        h("div", { class: "explorer" }, narrow, found),
      ]);
      draw();
    });
  };
})();
