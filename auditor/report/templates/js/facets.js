/* Which findings match, and how many each choice would leave: one pass over all findings, whatever is chosen.

   A facet is {name, title, of(place) -> values of the finding at a place, label(value), order}. Choices within a facet
   widen, choices in different facets narrow. The count beside a value is what choosing it would show: every other facet
   applied, its own not. */
(function () {
  "use strict";
  const auditor = window.auditor;

  /* `chosen` maps a facet's name to a Set of values; `admitted(place)` is the search. */
  auditor.sifted = function (total, facets, chosen, admitted) {
    const counts = facets.map(function () { return new Map(); });
    const active = facets.map(function (facet) { return chosen[facet.name] && chosen[facet.name].size ? chosen[facet.name] : null; });
    const places = [];
    const values = new Array(facets.length);
    for (let place = 0; place < total; place += 1) {
      if (!admitted(place)) { continue; }
      let failed = 0, only = -1;
      for (let at = 0; at < facets.length; at += 1) {
        const own = values[at] = facets[at].of(place), wanted = active[at];
        if (!wanted) { continue; }
        let met = false;
        for (let one = 0; one < own.length && !met; one += 1) { met = wanted.has(own[one]); }
        if (!met) { failed += 1; only = at; if (failed > 1) { break; } }
      }
      if (failed > 1) { continue; }
      if (failed === 0) { places.push(place); }
      for (let at = 0; at < facets.length; at += 1) {
        if (failed === 1 && at !== only) { continue; }
        const own = values[at] = facets[at].of(place);
        for (let one = 0; one < own.length; one += 1) { counts[at].set(own[one], (counts[at].get(own[one]) || 0) + 1); }
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
      return hits.every(function (hit) {
        const subject = subjects[columns.subject[place]], unit = columns.unit[place];
        return hit.rules[columns.rule[place]] || (unit >= 0 && hit.units[unit]) || hit.kinds[subject[0]]
          || subject[1].toLowerCase().indexOf(hit.word) >= 0 || columns.case[place].indexOf(hit.word) >= 0
          || columns.officers[place].some(function (one) { return hit.officers[one]; });
      });
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
