/* Numbers along a scale.
   histogram: {unit: words | absent, line, bins: [[low | null, high | null, ok, violation]]}
   varied: {name, values: [{value, findings | null, flagged, tested, asSet}]} */
(function () {
  "use strict";
  const charts = window.auditorCharts, Plot = window.Plot;

  charts.kinds.histogram = function (data, view) {
    const bins = data.bins, inner = bins.filter(function (one) { return one[0] !== null && one[1] !== null; });
    const step = inner[0][1] - inner[0][0], width = Math.min(view.width, 900), narrow = view.width < 560;
    /* An open end is drawn as wide as the others, apart from them. */
    const drawn = bins.map(function (one) {
      const from = one[0] === null ? one[1] - 1.35 * step : one[0], open = one[0] === null || one[1] === null;
      const shift = one[1] === null ? 0.35 * step : 0;
      return { x1: from + shift, x2: from + shift + step, ok: one[2], violation: one[3], open: open, low: one[0], high: one[1] };
    });
    const most = Math.max(1, ...drawn.map(function (one) { return one.ok + one.violation; }));
    const first = drawn[0].x1, last = drawn[drawn.length - 1].x2;
    const pixels = (width - 64) / Math.max(1, (last - first) / step);
    const inset = pixels > 5 ? 0.75 : 0;
    function span(one) {
      return one.low === null ? "≤ " + view.number(one.high) : one.high === null ? "> " + view.number(one.low) : view.number(one.low) + " – " + view.number(one.high);
    }
    function told(one) {
      return span(one) + " " + view.words(data.unit) + ": " + view.count(one.ok) + " + " + view.count(one.violation);
    }
    const late = drawn.filter(function (one) { return one.violation; });
    const labels = [];
    let free = -Infinity;
    const x = { type: "linear", domain: [first, last], range: [52, width - 12] }, scale = Plot.scale({ x: x });
    late.forEach(function (one) {
      const text = view.count(one.violation), middle = scale.apply((one.x1 + one.x2) / 2), half = charts.textWidth(text) / 2 + 2;
      if (middle - half > free) { labels.push(Object.assign({ text: text }, one)); free = middle + half; }
    });
    const open = drawn.filter(function (one) { return one.open; });
    return [charts.plot(view, {
      width: width, height: narrow ? 220 : 260, marginLeft: 52, marginRight: 12, marginTop: 26, marginBottom: 42,
      x: { domain: [first, last], label: null },
      y: { domain: [0, most], label: null, grid: true, ticks: 4, tickFormat: view.count },
      marks: [
        Plot.rect(drawn, { x1: "x1", x2: "x2", y1: 0, y2: "ok", insetLeft: inset, insetRight: inset, className: "quiet-bar", title: told }),
        Plot.rect(late, { x1: "x1", x2: "x2", y1: "ok", y2: function (one) { return one.ok + one.violation; }, insetLeft: inset, insetRight: inset, className: "flagged", title: told }),
        /* However few they are beside the others, they are seen. */
        Plot.ruleX(late, { x: function (one) { return (one.x1 + one.x2) / 2; }, y1: 0, y2: 0, className: "stub", strokeWidth: Math.max(3, pixels - 2 * inset), insetTop: -3 }),
        Plot.text(labels, { x: function (one) { return (one.x1 + one.x2) / 2; }, y: function (one) { return one.ok + one.violation; }, dy: -9, className: "value loud", text: "text" }),
        Plot.ruleY([0], { className: "axis" }),
        Plot.ruleX([data.line], { className: "limit" }),
        Plot.text([data.line], {
          x: function (value) { return value; }, frameAnchor: "top", dy: -18, className: "value",
          text: function () { return data.unit ? view.say("期限届满", "limit") : view.number(data.line); }
        }),
        Plot.axisX({ ticks: narrow ? 5 : 9, tickFormat: function (value) {
          const clear = open.every(function (one) { return Math.abs(scale.apply(value) - scale.apply((one.x1 + one.x2) / 2)) > 30; });
          return !clear ? "" : (data.unit && value > 0 ? "+" : "") + view.number(value);
        } }),
        Plot.text(open, {
          x: function (one) { return (one.x1 + one.x2) / 2; }, frameAnchor: "bottom", dy: 16, className: "quiet",
          text: function (one) { return one.low === null ? view.say("更早", "earlier") : view.say("更晚", "later"); },
          textAnchor: "middle"
        }),
        Plot.text([0], { frameAnchor: "bottom", dy: 34, className: "quiet", text: function () {
          return data.unit ? view.say("← 提前（", "← early (") + view.words(data.unit) + view.say("）逾期 →", ") late →") : "";
        } })
      ]
    })];
  };

  charts.kinds.varied = function (data, view) {
    const values = data.values, left = 46, step = Math.min((view.width - left - 12) / values.length, 130);
    const ran = values.filter(function (one) { return one.findings !== null; });
    const most = Math.max(1, ...ran.map(function (one) { return one.findings; }));
    const key = function (one) { return values.indexOf(one); };
    const title = function (one) { return data.name + " = " + one.value + ": " + view.count(one.findings); };
    return [charts.plot(view, {
      width: Math.ceil(Math.max(left + 12 + step * values.length, Math.min(view.width, 280))), height: 230, marginLeft: left, marginRight: 12, marginTop: 26, marginBottom: 44,
      x: { type: "point", domain: values.map(key), padding: 0.5, label: null },
      y: { domain: [0, most], label: null, grid: true, ticks: 4, tickFormat: view.count },
      marks: [
        Plot.ruleY([0], { className: "axis" }),
        Plot.line(values, { x: key, y: function (one) { return one.findings === null ? NaN : one.findings; }, className: "curve" }),
        Plot.dot(ran.filter(function (one) { return !one.asSet; }), { x: key, y: "findings", r: 5, className: "point", title: title }),
        Plot.dot(ran.filter(function (one) { return one.asSet; }), { x: key, y: "findings", r: 5, className: "point hollow", title: title }),
        Plot.text(ran, { x: key, y: "findings", dy: -13, className: "value", text: function (one) { return view.count(one.findings); } }),
        Plot.text(values.filter(function (one) { return one.findings === null; }), { x: key, y: 0, dy: -9, text: function () { return "✕"; } }),
        Plot.axisX({ tickSize: 0, tickFormat: function (index) {
          const one = values[index], counts = view.count(one.flagged) + " / " + view.count(one.tested);
          return charts.shortened(one.value, step - 4) + (one.findings === null || charts.textWidth(counts) > step - 4 ? "" : "\n" + counts);
        } })
      ]
    })];
  };
})();
