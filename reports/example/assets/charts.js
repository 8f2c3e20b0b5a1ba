/* Charts: draws every figure of class "chart" from the JSON that it holds, in the language of the page, as wide as there
   is room. What is filled is; what is hollow or dashed would be, or has to be looked into.

   <figure class="chart violation|lead" data-chart="NAME" data-root="../">
     <figcaption>…</figcaption>
     <script type="application/json">{"title": {"zh": "…", "en": "…"}, …}</script>
     <details>the same numbers as a table</details>
   </figure>

   Figures that are there when the page loads are drawn at once; `auditorCharts.draw(element)` draws a figure, or all
   figures within an element, that was added later. A kind of chart is a function (data, view) that gives an array of
   SVG elements; it is registered as auditorCharts.kinds.NAME by the scripts linked after this one. Words in the data
   are a string, or {zh, en}; addresses are relative to the report's folder, which data-root leads to. */
(function () {
  "use strict";
  const LOCALES = { zh: "zh-CN", en: "en-GB" };
  const kinds = {};
  const widths = new WeakMap();

  function language() {
    return document.documentElement.className === "en" ? "en" : "zh";
  }

  /* What a kind may use: its room, words and numbers in the page's language. */
  function viewOf(figure, width) {
    const lang = language(), locale = LOCALES[lang];
    const whole = new Intl.NumberFormat(locale);
    function fixed(value, digits) {
      return new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
    }
    return {
      width: width,
      lang: lang,
      root: figure.getAttribute("data-root") || "",
      lead: figure.classList.contains("lead"),
      words: function (text) { return text === null || text === undefined ? "" : typeof text === "string" ? text : text[lang]; },
      say: function (zh, en) { return lang === "zh" ? zh : en; },
      count: function (value) { return whole.format(value); },
      number: function (value) { return new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 }).format(value); },
      /* A part that exists never reads as 0 %, one that is not all never as 100 %. */
      share: function (part, all) {
        if (!all) { return "—"; }
        const value = 100 * part / all;
        if (part === 0 || part === all) { return whole.format(value) + " %"; }
        if (value < 0.01) { return "< " + fixed(0.01, 2) + " %"; }
        if (value > 99.9) { return "> " + fixed(99.9, 1) + " %"; }
        return fixed(value, value < 10 ? 2 : 1) + " %";
      },
      percent: function (value, digits) { return fixed(100 * value, digits === undefined ? 1 : digits) + " %"; },
      /* Moments of the records have no zone; they are read and written as if all were UTC. */
      date: function (moment, options) {
        return new Intl.DateTimeFormat(locale, Object.assign({ timeZone: "UTC" }, options)).format(moment);
      }
    };
  }

  /* How wide a text is, about, in pixels at 12 px: what decides where it fits. */
  function textWidth(text) {
    let width = 0;
    for (const char of text) { width += char.charCodeAt(0) > 0x2e7f ? 12.2 : 6.9; }
    return width;
  }

  function shortened(text, width) {
    if (textWidth(text) <= width) { return text; }
    const chars = Array.from(text);
    while (chars.length > 1 && textWidth(chars.join("") + "…") > width) { chars.pop(); }
    return chars.join("") + "…";
  }

  /* Places for labels so that none covers another or a point: each takes the first of its candidates that is free.
     Labels: {x, y, text}; what finds no place is left out and stands in the table. */
  function placed(labels, room, taken) {
    const boxes = taken.slice(), found = [];
    function free(box) {
      return box.x0 >= room.x0 && box.x1 <= room.x1 && box.y0 >= room.y0 && box.y1 <= room.y1 &&
        boxes.every(function (other) {
          return box.x1 <= other.x0 || box.x0 >= other.x1 || box.y1 <= other.y0 || box.y0 >= other.y1;
        });
    }
    function place(label) {
      const width = textWidth(label.text);
      for (const away of [9, 22, 38, 56, 76]) {
        const tries = [
          ...(label.over ? [[label.x - 4, label.y - away + 9, "start"], [label.x + 4, label.y - away + 9, "end"]] : []),
          [label.x + away, label.y - (away > 9 ? away * 0.6 : 0), "start"], [label.x - away, label.y - (away > 9 ? away * 0.6 : 0), "end"],
          [label.x, label.y - away - 3, "middle"], [label.x, label.y + away + 3, "middle"],
          [label.x + away, label.y + away * 0.6, "start"], [label.x - away, label.y + away * 0.6, "end"]
        ];
        for (const [x, y, anchor] of tries) {
          const x0 = anchor === "start" ? x : anchor === "end" ? x - width : x - width / 2;
          const box = { x0: x0 - 2, x1: x0 + width + 2, y0: y - 8, y1: y + 8 };
          if (free(box)) {
            boxes.push(box);
            found.push({ label: label, x: x, y: y, anchor: anchor, far: away > 9 });
            return true;
          }
        }
      }
      return false;
    }
    labels.forEach(function (label) {
      if (!place(label)) { place(Object.assign({}, label, { text: shortened(label.text, 84) })); }
    });
    return found;
  }

  /* The lines from points to labels that lie further off, to be drawn below the points. */
  function leaders(found) {
    return window.Plot.link(found.filter(function (one) { return one.far; }), {
      x1: pixel(function (one) { return one.label.x; }), y1: pixel(function (one) { return one.label.y; }),
      x2: pixel(function (one) { return one.x; }), y2: pixel(function (one) { return one.y; }), className: "leader"
    });
  }

  function labels(found) {
    return ["start", "middle", "end"].map(function (anchor) {
      return window.Plot.text(found.filter(function (one) { return one.anchor === anchor; }), {
        x: pixel(function (one) { return one.x; }), y: pixel(function (one) { return one.y; }), textAnchor: anchor,
        text: function (one) { return one.label.text; }, className: "value name"
      });
    });
  }

  /* A channel that is in pixels already, whatever the scale. */
  function pixel(value) { return { value: value, scale: null }; }

  /* An SVG of the library, in the looks of the page. */
  function plot(view, options) {
    return window.Plot.plot(Object.assign({
      width: view.width,
      className: "auditor-plot",
      style: { fontFamily: "inherit", fontSize: "12px", overflow: "visible" },
      ariaLabel: view.title
    }, options));
  }

  function drawOne(figure) {
    const source = figure.querySelector('script[type="application/json"]');
    const kind = kinds[figure.getAttribute("data-chart")];
    if (!source || !kind) { return; }
    let holder = figure.querySelector(".plot");
    if (!holder) {
      holder = document.createElement("div");
      holder.className = "plot";
      source.parentNode.insertBefore(holder, source.nextSibling);
    }
    const width = Math.max(280, Math.floor(holder.clientWidth || 680));
    const data = JSON.parse(source.textContent);
    const view = viewOf(figure, width);
    view.title = view.words(data.title);
    const drawn = kind(data, view);
    holder.textContent = "";
    figure.hidden = !drawn.length;
    drawn.forEach(function (svg, index) {
      const linked = svg.querySelector("a") !== null;
      /* The library names its groups where a name means nothing without a role. */
      svg.querySelectorAll("g[aria-label]").forEach(function (group) {
        group.setAttribute("data-part", group.getAttribute("aria-label"));
        group.removeAttribute("aria-label");
      });
      svg.setAttribute("role", linked ? "group" : "img");
      if (!svg.getAttribute("aria-label")) { svg.setAttribute("aria-label", view.title); }
      if (index) { svg.classList.add("below"); }
      holder.appendChild(svg);
    });
    widths.set(holder, width);
    if (watcher) { watcher.observe(holder); }
  }

  const watcher = window.ResizeObserver ? new ResizeObserver(function (entries) {
    entries.forEach(function (entry) {
      const holder = entry.target, width = Math.max(280, Math.floor(holder.clientWidth));
      if (holder.isConnected && holder.clientWidth && Math.abs(width - widths.get(holder)) > 8) {
        widths.set(holder, width);
        requestAnimationFrame(function () { drawOne(holder.closest("figure.chart")); });
      }
    });
  }) : null;

  function draw(element) {
    const within = element || document;
    if (within.matches && within.matches("figure.chart")) { drawOne(within); }
    within.querySelectorAll("figure.chart").forEach(drawOne);
  }

  window.auditorCharts = { kinds: kinds, draw: draw, plot: plot, textWidth: textWidth, shortened: shortened, placed: placed, leaders: leaders, labels: labels, pixel: pixel };
  document.addEventListener("auditor:language", function () { draw(document); });
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", function () { draw(document); });
  } else {
    draw(document);
  }
})();
