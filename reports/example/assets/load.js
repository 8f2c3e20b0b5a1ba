/* The report's data: numbered scripts beside the page, fetched when something in them is first needed. A page opened
   from disk may read files in no other way. Each of these scripts makes one call: put, index, words or rules. */
(function () {
  "use strict";
  const view = document.getElementById("view");
  const root = view ? view.dataset.root : "";
  const asked = new Map();
  const shards = { f: new Map(), c: new Map() };
  const index = [];

  const auditor = {
    root: root,
    words: function (words) { auditor.known = words; },
    rules: function (rules) { auditor.ruled = rules; },
    put: function (name, number, items) { shards[name].set(number, items); },
    index: function (number, columns, subjects) { index[number] = { columns: columns, subjects: subjects }; },
  };
  window.auditor = auditor;

  /* Settles when the script `data/NAME.js` has run. */
  auditor.load = function (name) {
    if (!asked.has(name)) {
      asked.set(name, new Promise(function (resolve, reject) {
        const script = document.createElement("script");
        script.src = root + "data/" + name + ".js";
        script.onload = resolve;
        script.onerror = function () { reject(new Error("data/" + name + ".js")); };
        document.head.appendChild(script);
      }));
    }
    return asked.get(name);
  };

  function numbered(name, number) { return name + String(number).padStart(4, "0"); }

  /* The last place in a sorted list that is not after `wanted`; -1 where all are. */
  function floor(sorted, wanted) {
    let low = 0, high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] <= wanted) { low = middle + 1; } else { high = middle; }
    }
    return low - 1;
  }

  /* The finding at a place in the list of all findings; undefined where there is none. */
  auditor.finding = function (place) {
    const starts = auditor.known.findingStarts;
    const shard = floor(starts, place);
    if (shard < 0 || place >= auditor.known.total) { return Promise.resolve(undefined); }
    return auditor.load(numbered("f", shard)).then(function () { return shards.f.get(shard)[place - starts[shard]]; });
  };

  /* The place of the finding of an id; -1 where there is none. Looked for file by file, as no index tells. */
  auditor.placeOf = function (id) {
    const starts = auditor.known.findingStarts;
    function within(shard) {
      if (shard >= starts.length) { return Promise.resolve(-1); }
      return auditor.load(numbered("f", shard)).then(function () {
        const at = shards.f.get(shard).findIndex(function (one) { return one.id === id; });
        return at < 0 ? within(shard + 1) : starts[shard] + at;
      });
    }
    return id ? within(0) : Promise.resolve(-1);
  };

  /* The digits of a moment, 20240502 or 202405020910, as it is written. */
  function moment(digits) {
    const found = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d))?$/.exec(String(digits));
    return found[1] + "-" + found[2] + "-" + found[3] + (found[4] ? " " + found[4] + ":" + found[5] : "");
  }

  /* The values of a row, where a negative number stands for so many blanks and a very large one for a moment. */
  function unfolded(values) {
    const found = [];
    values.forEach(function (value) {
      if (typeof value !== "number" || (value >= 0 && value < 10000000)) { found.push(value); return; }
      if (value > 0) { found.push(moment(value)); return; }
      for (let left = value; left < 0; left += 1) { found.push(0); }
    });
    return found;
  }

  /* The case of a name; undefined where there is none. */
  auditor.caseOf = function (slug) {
    const shard = floor(auditor.known.caseStarts, slug);
    if (shard < 0) { return Promise.resolve(undefined); }
    return auditor.load(numbered("c", shard)).then(function () {
      const found = shards.c.get(shard).find(function (one) { return one.id === slug; });
      if (found && !found.whole) {
        found.r.forEach(function (row) { row[3] = unfolded(row[3]); });
        found.whole = true;
      }
      return found;
    });
  };

  /* All findings by column: an array of files in order, each {columns, subjects}. */
  auditor.indexed = function () {
    const files = [];
    for (let number = 0; number < auditor.known.chunks; number += 1) { files.push(auditor.load(numbered("index", number))); }
    return Promise.all(files).then(function () { return index; });
  };

  /* What stands after `#`: {path, name: raw value}. Values are still encoded. */
  auditor.address = function () {
    const found = { path: "" };
    location.hash.slice(1).split("&").forEach(function (part, place) {
      const at = part.indexOf("=");
      if (at > 0) { found[part.slice(0, at)] = part.slice(at + 1); } else if (place === 0) { found.path = part; }
    });
    return found;
  };

  auditor.decoded = function (raw) {
    try { return decodeURIComponent(raw.replace(/\+/g, " ")); } catch (error) { return raw; }
  };
})();
