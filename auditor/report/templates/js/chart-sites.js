/* sites: {bar, sites: [{x, y, id, name, violations, leads, href}]}: metres east and north of the middle; only flagged
   sites have a name and what was found; `bar` is the length of the scale bar in metres. */
(function () {
  "use strict";
  const charts = window.auditorCharts, Plot = window.Plot, pixel = charts.pixel;

  charts.kinds.sites = function (data, view) {
    const sites = data.sites, narrow = view.width < 560, edge = 26, foot = 34;
    const xs = sites.map(function (one) { return one.x; }), ys = sites.map(function (one) { return one.y; });
    const x0 = Math.min(...xs), x1 = Math.max(...xs), y0 = Math.min(...ys), y1 = Math.max(...ys);
    const wide = Math.max(x1 - x0, 4 * data.bar, 10), tall = Math.max(y1 - y0, 10);
    /* The same scale across and up. */
    const most = { width: Math.min(view.width, 900) - 2 * edge, height: narrow ? 420 : 520 };
    const k = Math.min(most.width / wide, most.height / tall);
    const width = Math.max(k * wide + 2 * edge, Math.min(view.width, 420)), height = Math.max(k * tall, 40) + 2 * edge + foot;
    const cx = (x0 + x1) / 2, cy = (y0 + y1) / 2, middle = (height - foot) / 2;
    function px(one) { return width / 2 + k * (one.x - cx); }
    function py(one) { return middle - k * (one.y - cy); }
    const quiet = sites.filter(function (one) { return !one.name; }), flagged = sites.filter(function (one) { return one.name; });
    function told(one) {
      return one.name ? one.id + view.say("：违规发现 ", ": violations ") + view.count(one.violations) + view.say("，线索 ", ", leads ") + view.count(one.leads) : one.id;
    }
    function href(one) { return one.href ? view.root + one.href : null; }
    const dots = sites.length > 600 ? flagged : sites;
    const labels = charts.placed(flagged.map(function (one) {
      return { x: px(one), y: py(one), text: charts.shortened(one.name, narrow ? 120 : 200) };
    }), { x0: 2, x1: width - 2, y0: 2, y1: height - foot }, dots.map(function (one) {
      const r = one.name ? 8 : 4;
      return { x0: px(one) - r, x1: px(one) + r, y0: py(one) - r, y1: py(one) + r };
    }));
    const X = pixel(px), Y = pixel(py), at = height - 14, from = edge, to = edge + k * data.bar;
    const metres = data.bar >= 1000 ? view.count(data.bar / 1000) + view.say(" 公里", " km") : view.count(data.bar) + view.say(" 米", " m");
    const bar = [{ x1: from, x2: to }];
    function y(value) { return pixel(function () { return value; }); }
    function end(name) { return pixel(function (one) { return one[name]; }); }
    const svg = charts.plot(view, {
      width: width, height: height, margin: 0, axis: null,
      x: { domain: [0, width], range: [0, width] }, y: { domain: [height, 0], range: [height, 0] },
      marks: [
        charts.leaders(labels),
        Plot.dot(quiet, { x: X, y: Y, r: quiet.length > 600 ? 2 : 3.4, className: "peer", title: told }),
        Plot.dot(flagged.filter(function (one) { return !one.violations; }), { x: X, y: Y, r: 6, symbol: "diamond", className: "site lead", title: told, href: href }),
        Plot.dot(flagged.filter(function (one) { return one.violations; }), { x: X, y: Y, r: 6, className: "site", title: told, href: href })
      ].concat(charts.labels(labels), [
        Plot.link(bar, { x1: end("x1"), x2: end("x2"), y1: y(at), y2: y(at), className: "scale" }),
        Plot.link(bar, { x1: end("x1"), x2: end("x1"), y1: y(at - 4), y2: y(at + 4), className: "scale" }),
        Plot.link(bar, { x1: end("x2"), x2: end("x2"), y1: y(at - 4), y2: y(at + 4), className: "scale" }),
        Plot.text(bar, { x: end("x2"), y: y(at), dx: 8, textAnchor: "start", text: function () { return metres; }, className: "value" })
      ])
    });
    return [svg];
  };
})();
