/* Subjects beside each other.
   funnel: {against: "peers"|"limit", limit, bothWays, points: [{n, y, value, expected, id, name, flagged, href}],
     limits: {"95": [[n, low, high]], "99.8": […]}}; y is the excess over the expected rate, or the share itself.
   intervals: {rates, lines: [{name, n, observed, expected, ends: [low, high] | null, href}]} */
(function () {
  "use strict";
  const charts = window.auditorCharts, Plot = window.Plot;

  /* Round numbers for a logarithmic axis. */
  function round(from, to) {
    const found = [];
    for (let power = 1; power <= to * 2; power *= 10) {
      [1, 2, 3, 5].forEach(function (one) { if (one * power >= from && one * power <= to * 1.1) { found.push(one * power); } });
    }
    return found;
  }

  charts.kinds.funnel = function (data, view) {
    const peers = data.against === "peers", narrow = view.width < 560, width = Math.min(view.width, 900);
    const height = narrow ? 300 : 380, left = 56, right = 54, top = 16, bottom = 40;
    const sizes = data.points.map(function (one) { return Math.max(1, one.n); });
    const least = Math.min(...sizes), most = Math.max(...sizes, least + 1);
    const ys = data.points.map(function (one) { return one.y; });
    const lines = Object.keys(data.limits);
    /* The widest line may leave the picture where few cases let it: the points decide what is shown. */
    let low = Math.min(...ys, peers ? -data.limit : 0, 0), high = Math.max(...ys, data.limit);
    const pad = (high - low) * 0.1 || 0.05;
    low = peers ? Math.max(-1, low - pad) : 0;
    high = Math.min(1, high + pad);
    const log = most / least > 12;
    const x = { type: log ? "log" : "linear", domain: log ? [least / 1.15, most * 1.12] : [Math.max(0, least - (most - least) * 0.06), most + (most - least) * 0.06], label: null };
    const y = { domain: [low, high], label: null };
    const scales = [
      Plot.scale({ x: Object.assign({ range: [left, width - right] }, x) }),
      Plot.scale({ y: { type: "linear", domain: [low, high], range: [height - bottom, top] } })
    ];
    function at(one) { return { x: scales[0].apply(Math.max(1, one.n)), y: scales[1].apply(one.y) }; }
    function href(one) { return one.href ? view.root + one.href : null; }
    function told(one) {
      const rate = view.percent(one.value) + (peers ? view.say("，期望 ", ", expected ") + view.percent(one.expected) : "");
      return (one.name || one.id) + view.say("：件数 ", ": n = ") + view.count(one.n) + view.say("，实际 ", ", observed ") + rate;
    }
    const named = data.points.filter(function (one) { return one.name; })
      .map(function (one) { return Object.assign({ text: charts.shortened(one.name, narrow ? 110 : 190), one: one }, at(one)); });
    const dots = data.points.map(function (one) {
      const p = at(one), r = one.flagged ? 7 : 4;
      return { x0: p.x - r, x1: p.x + r, y0: p.y - r, y1: p.y + r };
    });
    const labels = charts.placed(named, { x0: left, x1: width - 2, y0: 2, y1: height - bottom }, data.points.length > 400 ? [] : dots);
    const quiet = data.points.filter(function (one) { return !one.flagged; });
    const loud = data.points.filter(function (one) { return one.flagged; });
    function within(value) { return value >= low && value <= high; }
    const marks = [
      Plot.gridY({ ticks: 5 }),
      Plot.axisY({ ticks: 5, tickFormat: function (value) { return (peers && value > 0 ? "+" : "") + view.percent(value, 0); } }),
      Plot.axisX({ ticks: log ? round(least, most) : narrow ? 3 : 6, tickFormat: view.count }),
      Plot.ruleY(peers ? [0] : [], { className: "axis" }),
      Plot.ruleY([data.limit].concat(data.bothWays ? [-data.limit] : []), { className: "floor" }),
      Plot.text([data.limit], { frameAnchor: "left", y: function (value) { return value; }, dx: 4, dy: -8, textAnchor: "start", className: "quiet",
        text: function (value) { return (peers ? view.say("最小幅度 +", "least excess +") : view.say("上限 ", "limit ")) + view.percent(value, 0); } })
    ];
    lines.forEach(function (name) {
      (peers ? [1, 2] : [2]).forEach(function (side) {
        const drawn = data.limits[name].filter(function (one) { return within(one[side]); });
        marks.push(Plot.line(drawn, { x: "0", y: String(side), className: name === "95" ? "control" : "control outer" }));
        const last = drawn[drawn.length - 1];
        if (last && last === data.limits[name][data.limits[name].length - 1]) {
          marks.push(Plot.text([last], { x: "0", y: String(side), dx: 6, textAnchor: "start", className: "quiet", text: function () { return name + " %"; } }));
        }
      });
    });
    marks.push(
      charts.leaders(labels),
      Plot.dot(quiet, { x: function (one) { return Math.max(1, one.n); }, y: "y", r: quiet.length > 400 ? 2.2 : 3.6, className: "peer", title: told, href: href }),
      Plot.dot(loud, { x: function (one) { return Math.max(1, one.n); }, y: "y", r: 5.5, className: "peer marked", title: told, href: href })
    );
    const svg = charts.plot(view, {
      width: width, height: height, marginLeft: left, marginRight: right, marginTop: top, marginBottom: bottom, x: x, y: y,
      marks: marks.concat([
        Plot.text([0], { frameAnchor: "bottom", dy: 32, className: "quiet", text: function () { return peers ? view.say("可比件数", "comparable cases") : view.say("件数", "cases"); } })
      ].concat(charts.labels(labels)))
    });
    svg.querySelectorAll("a").forEach(function (link) {
      link.setAttribute("tabindex", link.closest(".marked") ? "0" : "-1");
    });
    return [svg];
  };

  charts.kinds.intervals = function (data, view) {
    const lines = data.lines, narrow = view.width < 560;
    const name = narrow ? 104 : 190, tail = narrow ? 0 : 150;
    const values = [];
    lines.forEach(function (one) { values.push(one.observed, one.expected, ...(one.ends || [])); });
    let low = Math.min(0, ...values), high = Math.max(...values);
    high = data.rates && high > 0.5 ? Math.max(1, high) : high + (high - low) * 0.06;
    function shown(value) { return data.rates ? view.percent(value, 0) : view.number(value); }
    function told(one) {
      return one.name + ": " + shown(one.observed) + view.say("，期望 ", ", expected ") + shown(one.expected) + view.say("，件数 ", ", n = ") + view.count(one.n);
    }
    const key = function (one) { return lines.indexOf(one); };
    return [charts.plot(view, {
      width: Math.min(view.width, 860), height: 34 + 24 * lines.length, marginLeft: name, marginRight: tail + 14, marginTop: 6, marginBottom: 26,
      x: { domain: [low, high], label: null, grid: true, ticks: narrow ? 3 : 5, tickFormat: shown },
      y: { type: "band", domain: lines.map(key), label: null, padding: 0.2 },
      marks: [
        Plot.axisY({ tickSize: 0, className: "names", tickFormat: function (index) { return charts.shortened(lines[index].name, name - 12); } }),
        Plot.link(lines.filter(function (one) { return one.ends; }), {
          x1: function (one) { return one.ends[0]; }, x2: function (one) { return one.ends[1]; }, y: key, className: "range"
        }),
        Plot.tickX(lines, { x: "expected", y: key, className: "expected" }),
        Plot.dot(lines, { x: "observed", y: key, r: 5, className: "point", title: told, href: function (one) { return one.href ? view.root + one.href : null; } }),
        narrow ? null : Plot.text(lines, {
          frameAnchor: "right", y: key, dx: tail + 10, textAnchor: "end", className: "value",
          text: function (one) { return shown(one.observed) + " · n = " + view.count(one.n); }
        })
      ]
    })];
  };
})();
