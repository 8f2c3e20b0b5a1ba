/* Words made into elements. Text from the data only ever becomes a text node, so that nothing in it is markup. */
(function () {
  "use strict";
  const auditor = window.auditor;
  const counts = new Intl.NumberFormat("en-US");

  /* An element; children are nodes, text, arrays of these, or nothing. */
  function h(name, attributes) {
    const made = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) {
      const value = attributes[key];
      if (value === null || value === undefined || value === false) { return; }
      made.setAttribute(key, value === true ? "" : String(value));
    });
    for (let place = 2; place < arguments.length; place += 1) { append(made, arguments[place]); }
    return made;
  }

  function append(parent, child) {
    if (child === null || child === undefined || child === false) { return; }
    if (Array.isArray(child)) { child.forEach(function (one) { append(parent, one); }); return; }
    parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }

  /* A pair [zh, en] as two spans of which the page shows one. */
  function both(pair) {
    if (pair[0] === pair[1]) { return document.createTextNode(pair[0]); }
    const made = document.createDocumentFragment();
    made.appendChild(h("span", { lang: "zh" }, pair[0]));
    made.appendChild(h("span", { lang: "en" }, pair[1]));
    return made;
  }

  /* A sentence of the program, with values for its {names}: text, or a function that makes a node. */
  function say(zh, en, values) {
    if (!values) { return both([zh, en]); }
    const made = document.createDocumentFragment();
    made.appendChild(h("span", { lang: "zh" }, filled(zh, values)));
    made.appendChild(h("span", { lang: "en" }, filled(en, values)));
    return made;
  }

  function filled(text, values) {
    return text.split(/\{(\w+)\}/).map(function (part, place) {
      if (place % 2 === 0) { return part; }
      return typeof values[part] === "function" ? values[part]() : values[part];
    });
  }

  /* A value as the data have it: text, or the number of a pair, of which the first says that nothing is recorded. */
  function pair(value) {
    return typeof value === "string" ? [value, value] : auditor.known.pairs[value || 0];
  }

  /* A template of a rule with the facts of a finding. */
  function fill(template, values) {
    const text = [template.zh, template.en].map(function (parts, language) {
      return parts.map(function (part) {
        return typeof part === "string" ? part : pair(part === null ? 0 : values[part])[language];
      }).join("");
    });
    return both(text);
  }

  function level(number) {
    const label = auditor.known.levels[number];
    return h("span", { class: "level " + label.css },
      h("span", { class: "sign", "aria-hidden": "true" }, label.sign), " ", both(label.word));
  }

  function certainty(isLead) {
    const label = auditor.known.certainty[isLead ? 1 : 0];
    return h("span", { class: "certainty " + label.css },
      h("span", { "aria-hidden": "true" }, label.sign), " ", both(label.word));
  }

  function state(finding) {
    const rule = auditor.known.rules[finding.r];
    const tags = [finding.w
      ? h("span", { class: "tag" }, say("已豁免", "waived"))
      : h("span", { class: "tag" + (auditor.known.fresh.indexOf(finding.st || 0) < 0 ? "" : " new") }, both(auditor.known.states[finding.st || 0]))];
    if (rule.trial) { tags.push(" ", h("span", { class: "tag" }, say("试行规则", "rule on trial"))); }
    return tags;
  }

  function ruleLink(finding, attributes) {
    const rule = auditor.known.rules[finding.r];
    return h("a", Object.assign({ href: auditor.root + rule.href }, attributes), both(rule.title));
  }

  function unitLink(unit) {
    if (unit === null || unit === undefined) {
      const name = say("未记录单位", "no unit recorded");
      return auditor.known.noUnit ? h("a", { href: auditor.root + auditor.known.noUnit }, name) : name;
    }
    const page = auditor.unitPages().get(unit);
    const name = auditor.known.unitNames[unit] || unit;
    return page ? h("a", { href: auditor.root + page }, name) : name;
  }

  function officerLink(officer) {
    const page = auditor.officerPages().get(officer);
    const text = [h("span", { class: "id" }, officer), " ", auditor.known.officerNames[officer] || ""];
    return page ? h("a", { href: auditor.root + page }, text) : text;
  }

  function pages(list) {
    let made = null;
    return function () {
      if (!made) { made = new Map(auditor.known[list].map(function (one) { return [one[0], one[2]]; })); }
      return made;
    };
  }
  auditor.unitPages = pages("units");
  auditor.officerPages = pages("officers");

  /* Where a finding is told: on the page of its only case, else on its own. */
  auditor.hrefOf = function (finding, place) {
    return auditor.root + (finding.c.length === 1
      ? "case.html#" + finding.c[0] + "&f=" + finding.id
      : "finding.html#" + place + "." + finding.id);
  };

  auditor.title = function (zh, en) {
    const title = document.querySelector("title");
    const period = title.dataset.zh.split(" · ").pop();
    title.dataset.zh = zh + " · " + period;
    title.dataset.en = en + " · " + period;
    title.textContent = title.dataset[document.documentElement.className === "en" ? "en" : "zh"];
  };

  Object.assign(auditor, {
    h: h, both: both, say: say, pair: pair, fill: fill, level: level, certainty: certainty, state: state,
    ruleLink: ruleLink, unitLink: unitLink, officerLink: officerLink,
    count: function (number) { return counts.format(number); },
  });
})();
