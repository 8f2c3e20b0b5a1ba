/* months: {small, months: [{month: "2025-01", flagged, tested}]}; tested null: not counted, flagged null: nobody looked. */
(function () {
  "use strict";
  const charts = window.auditorCharts, Plot = window.Plot;
  const LEFT = 58, RIGHT = 8;

  function monthWord(view, month, index, step) {
    const moment = new Date(month + "-01T00:00:00Z");
    const short = view.date(moment, { month: step < 26 ? "numeric" : "short" }).replace(step < 26 ? /月/ : /$^/, "");
    return index === 0 || month.slice(5) === "01" ? short + "\n" + month.slice(0, 4) : short;
  }

  charts.kinds.months = function (data, view) {
    const months = data.months, counted = months.some(function (one) { return one.tested !== null; });
    const step = Math.min((view.width - LEFT - RIGHT) / months.length, 96);
    const width = Math.max(view.width < 480 ? view.width : 0, Math.ceil(LEFT + RIGHT + step * months.length));
    const every = Math.max(1, Math.ceil(14 / step));
    const x = { type: "band", domain: months.map(function (one) { return one.month; }), padding: 0.28, label: null };
    const looked = months.filter(function (one) { return one.flagged !== null; });
    const axis = Plot.axisX(months.map(function (one) { return one.month; }).filter(function (_, i) { return i % every === 0; }), {
      tickSize: 0, tickFormat: function (month) {
        return monthWord(view, month, months.findIndex(function (one) { return one.month === month; }), step);
      }
    });
    const common = { width: width, marginLeft: LEFT, marginRight: RIGHT, x: x };
    function named(one) {
      const rest = one.tested === null ? "" : " / " + view.count(one.tested) + " = " + view.share(one.flagged, one.tested);
      return one.month + ": " + view.count(one.flagged) + rest;
    }
    function fits(text) { return text.split("\n").every(function (line) { return charts.textWidth(line) <= step - 3; }); }
    /* The first form of the numbers that all months have room for. */
    const forms = counted ? [
      function (one) { return view.count(one.flagged) + " / " + view.count(one.tested); },
      function (one) { return view.count(one.flagged) + "\n/ " + view.count(one.tested); }
    ] : [function (one) { return view.count(one.flagged); }];
    const form = forms.find(function (each) { return looked.every(function (one) { return fits(each(one)); }); }) || null;
    const top = Math.max(1, ...looked.map(function (one) { return one.tested === null ? one.flagged : one.tested; }));
    const below = charts.plot(view, Object.assign({}, common, {
      height: counted ? 140 : 170, marginTop: 32, marginBottom: 38,
      y: { domain: [0, top], ticks: Math.min(3, top), grid: true, label: null, tickFormat: view.count },
      marks: [
        counted ? Plot.barY(looked, { x: "month", y: "tested", className: "tested", title: named }) : null,
        Plot.barY(looked, { x: "month", y: "flagged", className: "flagged", title: named }),
        Plot.text(looked, {
          x: "month", y: function (one) { return one.tested === null ? one.flagged : one.tested; }, dy: -3, className: "value",
          lineAnchor: "bottom", text: form === null ? function () { return ""; } : form
        }),
        Plot.text(months.filter(function (one) { return one.flagged === null; }), { x: "month", y: 0, dy: -8, text: function () { return "✕"; } }),
        Plot.ruleY([0], { className: "axis" }), axis
      ]
    }));
    if (!counted) { return [below]; }
    const shares = looked.filter(function (one) { return one.tested > 0; })
      .map(function (one) { return Object.assign({ share: one.flagged / one.tested }, one); });
    const roomy = shares.every(function (one) { return fits(view.share(one.flagged, one.tested)); });
    const most = Math.max(0.0005, ...shares.map(function (one) { return one.share; }));
    const digits = most < 0.002 ? 2 : most < 0.02 ? 1 : 0;
    const above = charts.plot(view, Object.assign({}, common, {
      height: 128, marginTop: 24, marginBottom: 8,
      y: { domain: [0, most * 1.05], ticks: 3, grid: true, label: null, tickFormat: function (value) { return view.percent(value, digits); } },
      marks: [
        Plot.ruleY([0], { className: "axis" }),
        Plot.axisX([], { tickSize: 0 }),
        Plot.line(looked, { x: "month", y: function (one) { return one.tested ? one.flagged / one.tested : NaN; }, className: "curve" }),
        Plot.dot(shares.filter(function (one) { return one.tested >= data.small; }), { x: "month", y: "share", r: 4, className: "point", title: named }),
        Plot.dot(shares.filter(function (one) { return one.tested < data.small; }), { x: "month", y: "share", r: 4, className: "point hollow", title: named }),
        Plot.text(shares.filter(function (one) { return one.flagged && one.tested >= data.small; }), {
          x: "month", y: "share", dy: -12, className: "value",
          text: function (one) { return roomy ? view.share(one.flagged, one.tested) : ""; }
        })
      ]
    }));
    return [above, below];
  };
})();
