/* Along time. Moments are "YYYY-MM-DD[THH:MM]" without a zone.
   timeline: {steps: [{at, shown, zh, en, limit, late}]}, in order. `zh` and `en` say what the step is, `shown` is its date
     as printed; `limit: 1` marks the end of a legal time limit, `late: 1` a step after one. Steps are numbered from 1.
   events: {lanes: [{name, href, from, window, note, events: [{minutes, at, key, href, other}]}]}, `window` in minutes. */
(function () {
  "use strict";
  const charts = window.auditorCharts, Plot = window.Plot, pixel = charts.pixel;
  const LANE = 31;

  function moment(text) { return new Date(text.replace(" ", "T") + (text.length > 10 ? ":00Z" : "T00:00:00Z")); }

  /* Each label, from right to left, in the lowest lane above all whose lines it would lie across. */
  function laned(labels) {
    const done = [];
    labels.slice().sort(function (a, b) { return b.x - a.x; }).forEach(function (one) {
      const across = done.filter(function (other) { return other.x < one.x + one.width + 10; });
      one.lane = Math.max(-1, ...across.map(function (other) { return other.lane; })) + 1;
      done.push(one);
    });
    return Math.max(-1, ...done.map(function (one) { return one.lane; })) + 1;
  }

  charts.kinds.timeline = function (data, view) {
    const steps = data.steps.map(function (one, index) {
      return Object.assign({ number: index + 1, when: moment(one.at) }, one);
    });
    const first = steps[0].when, last = steps[steps.length - 1].when;
    if (+first === +last) { return []; }
    const width = Math.min(view.width, 950), room = Math.min(190, width * 0.42), left = 12;
    /* Steps of one moment share a label. */
    const labels = [];
    steps.forEach(function (one) {
      const text = one.number + " " + view.words(one), before = labels[labels.length - 1];
      if (before && +before.when === +one.when && !before.limit === !one.limit) {
        before.text += view.say("、", ", ") + text;
      } else {
        labels.push({ when: one.when, text: text, shown: one.shown, limit: one.limit, late: one.late });
      }
    });
    labels.forEach(function (one) {
      one.text = charts.shortened(one.text, room);
      one.width = Math.max(charts.textWidth(one.text), charts.textWidth(one.shown));
    });
    const right = Math.max(...labels.slice(-3).map(function (one) { return one.width; })) + 10;
    const x = { type: "utc", domain: [first, last], range: [left, width - right] }, scale = Plot.scale({ x: x });
    labels.forEach(function (one) { one.x = scale.apply(one.when); });
    const above = labels.filter(function (one) { return !one.limit; }), below = labels.filter(function (one) { return one.limit; });
    const up = laned(above), down = laned(below);
    const line = 22 + up * LANE, height = line + 26 + down * LANE + (down ? 8 : 0);
    above.forEach(function (one) { one.y = line - 20 - one.lane * LANE; });
    below.forEach(function (one) { one.y = line + 44 + one.lane * LANE; });
    const limits = steps.filter(function (one) { return one.limit; }), late = steps.filter(function (one) { return one.late; });
    const over = limits.length && late.length ? [{ from: limits[0].when, to: late[late.length - 1].when }] : [];
    const X = pixel(function (one) { return one.x; });
    const y = function (value) { return pixel(function () { return value; }); };
    return [charts.plot(view, {
      width: width, height: height, marginLeft: left, marginRight: right, marginTop: 0, marginBottom: 0,
      x: { type: "utc", domain: [first, last], axis: null }, y: { type: "linear", domain: [height, 0], range: [height, 0], axis: null },
      marks: [
        Plot.link(above, { x1: X, x2: X, y1: y(line), y2: pixel(function (one) { return one.y - 10; }), className: "leader" }),
        Plot.link(below, { x1: X, x2: X, y1: y(line - 12), y2: pixel(function (one) { return one.y + 6; }), className: "limit" }),
        Plot.ruleY([line], { className: "axis" }),
        Plot.link(over, { x1: "from", x2: "to", y1: y(line), y2: y(line), className: "overrun" }),
        Plot.dot(steps.filter(function (one) { return !one.limit && !one.late; }), { x: "when", y: y(line), r: 4.5, className: "step" }),
        Plot.dot(steps.filter(function (one) { return !one.limit && one.late; }), { x: "when", y: y(line), r: 4.5, className: "step late" })
      ].concat([
        Plot.text(labels, { x: pixel(function (one) { return one.x + 4; }), y: pixel(function (one) { return one.y - 6; }), textAnchor: "start", text: "text", className: "value name" }),
        Plot.text(labels, { x: pixel(function (one) { return one.x + 4; }), y: pixel(function (one) { return one.y + 7; }), textAnchor: "start", text: "shown", className: "value quiet" })
      ])
    })];
  };

  /* Whole units that suit a span of minutes. */
  function unitOf(span, view) {
    if (span > 3 * 1440) { return { size: 1440, word: view.say("天", "days") }; }
    if (span > 180) { return { size: 60, word: view.say("小时", "hours") }; }
    return { size: 1, word: view.say("分钟", "minutes") };
  }

  charts.kinds.events = function (data, view) {
    const lanes = data.lanes, narrow = view.width < 560, single = lanes.length === 1;
    const width = Math.min(view.width, 900), left = narrow ? 14 : single ? 14 : 200, right = 26, row = narrow ? 58 : single ? 84 : 44;
    const span = Math.max(...lanes.map(function (lane) { return Math.max(lane.window || 0, lane.events[lane.events.length - 1].minutes); }), 1);
    const unit = unitOf(span, view), top = 14, height = top + row * lanes.length + 40;
    const events = [];
    lanes.forEach(function (lane, index) {
      lane.y = top + row * (index + 0.5) + (narrow ? 10 : 0);
      lane.events.forEach(function (one) { events.push(Object.assign({ x: one.minutes / unit.size, y: lane.y, lane: lane }, one)); });
    });
    const windows = lanes.filter(function (lane) { return lane.window; });
    const y = pixel(function (one) { return one.y; });
    function told(one) { return one.key + " · " + one.at; }
    function href(one) { return one.href ? view.root + one.href : null; }
    const scale = Plot.scale({ x: { type: "linear", domain: [0, span / unit.size], range: [left, width - right] } });
    const shown = events.length > 8 ? [events[0], events[events.length - 1]] : events;
    const labels = single ? charts.placed(shown.map(function (one) {
      return { x: scale.apply(one.x), y: one.y - 16, text: narrow ? one.at.slice(5) : one.at, over: true };
    }), { x0: 0, x1: width, y0: 0, y1: height - 34 }, events.map(function (one) {
      const x = scale.apply(one.x);
      return { x0: x - 6, x1: x + 6, y0: one.y - 12, y1: one.y + 12 };
    })) : [];
    return [charts.plot(view, {
      width: width, height: height, marginLeft: left, marginRight: right, marginTop: 0, marginBottom: 34,
      x: { type: "linear", domain: [0, span / unit.size], label: null }, y: { type: "linear", domain: [height, 0], range: [height, 0], axis: null },
      marks: [
        Plot.axisX({ ticks: narrow ? 4 : 8, tickFormat: function (value) { return (value ? "+" : "") + view.number(value); } }),
        Plot.text([0], { frameAnchor: "bottom", dy: 30, className: "quiet", text: function () { return unit.word; } }),
        Plot.rect(windows, {
          x1: 0, x2: function (lane) { return lane.window / unit.size; }, y1: pixel(function (lane) { return lane.y - 13; }),
          y2: pixel(function (lane) { return lane.y + 13; }), className: "window"
        }),
        Plot.link(lanes, { x1: 0, x2: function (lane) { return lane.events[lane.events.length - 1].minutes / unit.size; }, y1: y, y2: y, className: "leader" }),
        charts.leaders(labels),
        Plot.dot(events.filter(function (one) { return one.other; }), { x: "x", y: y, r: 5.5, className: "point hollow", title: told, href: href }),
        Plot.dot(events.filter(function (one) { return !one.other; }), { x: "x", y: y, r: 5.5, className: "point", title: told, href: href }),
        single && !lanes[0].note ? null : Plot.text(lanes, {
          x: function (lane) { return lane.events[lane.events.length - 1].minutes / unit.size; }, y: y, dx: 12, textAnchor: "start", className: "value", text: "note"
        }),
        single ? null : Plot.text(lanes, {
          x: pixel(function () { return narrow ? 4 : left - 12; }), y: pixel(function (lane) { return lane.y - (narrow ? 28 : 7); }),
          textAnchor: narrow ? "start" : "end", className: "value name",
          text: function (lane) { return charts.shortened(lane.name, narrow ? 170 : left - 16); }, href: href
        }),
        single ? null : Plot.text(lanes, {
          x: pixel(function () { return narrow ? width - 4 : left - 12; }), y: pixel(function (lane) { return lane.y + (narrow ? -28 : 7); }),
          textAnchor: "end", className: "value quiet", text: function (lane) { return view.say("自 ", "from ") + lane.from; }
        })
      ].concat(charts.labels(labels))
    })];
  };
})();
