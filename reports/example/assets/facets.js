/* Which findings match, and how many each choice would leave: one pass over all findings, whatever is chosen.

   A facet is {name, title, values, codes, label, order}: `values` are its choices by number, and `codes` says for each
   finding the number of its value, or a list of numbers where it can have several. Choices within a facet widen, choices
   in different facets narrow. The count beside a value is what choosing it would show: every other facet applied, its own
   not. Numbers instead of words keep this quick on an old machine. */
(function () {
  "use strict";
  const auditor = window.auditor;

  /* `chosen` maps a facet's name to a Set of values; `admitted(place)` is the search. Counts are by number of value. */
  auditor.sifted = function (total, facets, chosen, admitted) {
    const counts = facets.map(function (facet) { return new Int32Array(facet.values.length); });
    const wanted = facets.map(function (facet) {
      const set = chosen[facet.name];
      return set && set.size ? Uint8Array.from(facet.values, function (value) { return set.has(value) ? 1 : 0; }) : null;
    });
    const codes = facets.map(function (facet) { return facet.codes; });
    const count = function (at, own) {
      if (typeof own === "number") { counts[at][own] += 1; return; }
      for (let one = 0; one < own.length; one += 1) { counts[at][own[one]] += 1; }
    };
    const met = function (marks, own) {
      if (typeof own === "number") { return marks[own] === 1; }
      for (let one = 0; one < own.length; one += 1) { if (marks[own[one]] === 1) { return true; } }
      return false;
    };
    const places = [];
    for (let place = 0; place < total; place += 1) {
      if (!admitted(place)) { continue; }
      let failed = 0, only = -1;
      for (let at = 0; at < facets.length && failed < 2; at += 1) {
        if (wanted[at] && !met(wanted[at], codes[at][place])) { failed += 1; only = at; }
      }
      if (failed === 0) {
        places.push(place);
        for (let at = 0; at < facets.length; at += 1) { count(at, codes[at][place]); }
      } else if (failed === 1) {
        count(only, codes[only][place]);
      }
    }
    return { places: places, counts: counts };
  };

  /* A test for the words of a search: every word in the rule, unit, officer, subject or case of the finding. */
  auditor.searched = function (columns, subjects, text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const known = auditor.known;
    if (!words.length) { return function () { return true; }; }
    const low = function (list) { return list.join(" ").toLowerCase(); };
    const rules = known.rules.map(function (one) { return low([one.id, one.title[0], one.title[1]].concat(one.covers)); });
    const units = known.units.map(function (one) { return low([one[0], one[1]]); });
    const officers = known.officers.map(function (one) { return low([one[0], one[1]]); });
    const kinds = known.kinds.map(low);
    const hits = words.map(function (word) {
      const has = function (one) { return one.indexOf(word) >= 0; };
      return { word: word, rules: rules.map(has), units: units.map(has), officers: officers.map(has), kinds: kinds.map(has) };
    });
    return function (place) {
      for (let at = 0; at < hits.length; at += 1) {
        const hit = hits[at], subject = subjects[columns.subject[place]], unit = columns.unit[place];
        const found = hit.rules[columns.rule[place]] || (unit >= 0 && hit.units[unit]) || hit.kinds[subject[0]]
          || subject[1].toLowerCase().indexOf(hit.word) >= 0 || columns.case[place].indexOf(hit.word) >= 0
          || columns.officers[place].some(function (one) { return hit.officers[one]; });
        if (!found) { return false; }
      }
      return true;
    };
  };

  /* The files of the index as one set of columns. */
  auditor.joined = function () {
    return auditor.indexed().then(function (files) {
      const columns = { waived: new Set() };
      let subjects = [], before = 0;
      files.forEach(function (file) {
        file.columns.waived.forEach(function (place) { columns.waived.add(before + place); });
        before += file.columns.rule.length;
        subjects = subjects.concat(file.subjects);
      });
      ["rule", "level", "state", "unit", "subject", "day", "rows", "case", "officers"].forEach(function (name) {
        columns[name] = [].concat.apply([], files.map(function (file) { return file.columns[name]; }));
      });
      return { columns: columns, subjects: subjects };
    });
  };

  /* A finding's outline from the index alone, in the form of its item. */
  auditor.outline = function (columns, subjects, place) {
    const unit = columns.unit[place], day = String(columns.day[place]);
    return {
      r: columns.rule[place], l: columns.level[place], st: columns.state[place], w: columns.waived.has(place),
      s: subjects[columns.subject[place]], u: unit < 0 ? null : auditor.known.units[unit][0], n: columns.rows[place],
      d: day === "0" ? "" : day.slice(0, 4) + "-" + day.slice(4, 6) + "-" + day.slice(6),
    };
  };
})();
