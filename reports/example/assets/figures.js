/* Charts of a finding that the viewer puts into its page: ev {f from, w window in minutes, n note, m minutes from the
   first event, o places in m of events it is held against} and iv [observed, expected, low, high]. */
(function () {
  "use strict";
  const auditor = window.auditor;
  const h = auditor.h, both = auditor.both, say = auditor.say;

  function figure(name, lead, title, caption, data) {
    return h("figure", { class: "chart " + (lead ? "lead" : "violation"), "data-chart": name, "data-root": auditor.root },
      h("figcaption", {}, h("b", {}, both(title)), " ", caption),
      h("script", { type: "application/json" }, JSON.stringify(Object.assign({ title: { zh: title[0], en: title[1] } }, data))));
  }

  function moment(from, minutes) {
    const parts = /^(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d))?$/.exec(from);
    const at = new Date(Date.UTC(+parts[1], +parts[2] - 1, +parts[3], +(parts[4] || 0), +(parts[5] || 0)) + minutes * 60000);
    return at.toISOString().slice(0, 16).replace("T", " ");
  }

  function events(finding, lead) {
    const ev = finding.ev;
    return figure("events", lead, ["所依据事件的先后", "The events in time"],
      say("自首个事件起计时；实心点为被判断的记录，空心点为与之比较的记录，虚框为规则的时间窗或最短间隔。",
        "In time from the first event; filled: judged rows, hollow: what they are held against; the dashed box: the rule's window, or the least time between."),
      { lanes: [{ name: finding.s[1], from: ev.f, window: ev.w || null, note: ev.n || "", events: ev.m.map(function (minutes, place) {
        const at = moment(ev.f, minutes);
        return { minutes: minutes, at: at, key: finding.s[1], other: (ev.o || []).indexOf(place) >= 0 ? 1 : undefined };
      }) }] });
  }

  function interval(finding, lead) {
    const iv = finding.iv, rates = iv.every(function (value, place) { return place > 1 || (value >= 0 && value <= 1); });
    return figure("intervals", lead, ["与期望值比较", "Beside what was to be expected"],
      say("实心点为观察值，竖线为期望值，横线为观察值的 95% 区间；全部可比对象见规则页。",
        "Dot: observed; upright: expected; line: 95 % interval of the observed value. Everyone who was judged: on the rule's page."),
      { rates: rates, lines: [{ name: finding.s[1], n: finding.n, observed: iv[0], expected: iv[1],
        ends: iv[2] === null ? null : [iv[2], iv[3]] }] });
  }

  /* What can be drawn of the finding; draws nothing yet. */
  auditor.figures = function (finding) {
    if (!window.auditorCharts) { return []; }
    const lead = auditor.known.rules[finding.r].lead;
    return [finding.iv ? interval(finding, lead) : null, finding.ev ? events(finding, lead) : null].filter(Boolean);
  };
})();
