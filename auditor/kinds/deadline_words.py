"""What a deadline says: its sentence, its arithmetic step by step, its conditions; templates over its own facts."""

from auditor.core.duration import Duration
from auditor.core.text import Text

LATER = Text(
    zh="自{start}起，{end}超过{limit}的，即为问题；尚未完成的计算至统计截止日",
    en="flags every row whose {end} comes later than {limit} after {start}; open ones age to the as-of day",
)
LATER_AT_ALL = Text(
    zh="{end}晚于{start}的，即为问题；尚未完成的计算至统计截止日",
    en="flags every row whose {end} comes after {start}; open ones age to the as-of day",
)
OPEN = Text(zh="至统计截止日尚未完成", en="it was still open on the as-of day")
TOO_LATE = Text(zh="{end}在期限届满之后", en="{end} came after the limit")
RUN_OUT = Text(zh="至统计截止日，{limit}的期限已经届满", en="the limit of {limit} had run out by the as-of day")
NOT_BY_THEN = Text(zh="期限届满时还没有{end}", en="{end} had not come when the limit ran out")
EXTENDED = Text(zh="期限依法延长：{condition}", en="the limit was lawfully extended: {condition}")

_EXCLUDED = Text(zh=" + 不计入的 {{excluded}}", en=" + {{excluded}} that don't count")
_DUE_BY_DAY = Text(zh="应于 {{due}}当日24时前完成", en="due by {{due}} 24:00")
_DUE_BY_MOMENT = Text(zh="应于 {{due}}前完成", en="due by {{due}}")
_BASIC = Text(
    zh="{{start}} + {{limit}}{excluded} → {{basic_due}}",
    en="{{start}} + {{limit}}{excluded} → {{basic_due}}",
)
_VALID = Text(
    zh="有效的延长：至 {{extended_to}}（“—”表示没有{most}）→ {due}",
    en="extension that counts: to {{extended_to}} (“—”: none{most}) → {due}",
)
_MOST = Text(zh="，最多再加 {cap}", en=", {cap} more at most")
_WHOLE = Text(
    zh="{{start}} + {{limit}}{longer}{excluded} → {due}",
    en="{{start}} + {{limit}}{longer}{excluded} → {due}",
)
_LONGER = Text(zh="（延长 {cap}：{{extended}}）", en=" (extension of {cap}: {{extended}})")
_DONE = Text(
    zh="完成时间：{finish}（“—”表示截至 {as_of} 尚未完成）→ 逾期 {overdue}",
    en="done: {finish} (“—”: still open on {as_of}) → {overdue} late",
)


def steps(within: Duration, longer: Duration | None, *, excludes: bool) -> tuple[Text, ...]:
    """The arithmetic of a limit that `longer` is added to where an extension counts (None: never)."""
    added = "" if longer is None else _LONGER.filled(cap=longer.text)
    return (_WHOLE.filled(longer=added, excluded=_left_out(excludes), due=_due(within)), _DONE)


def steps_with_a_day(within: Duration, cap: Duration | None, *, excludes: bool) -> tuple[Text, ...]:
    """The arithmetic of a limit that may be extended to a day, `cap` past the basic limit at most."""
    most = "" if cap is None else _MOST.filled(cap=cap.text)
    return (_BASIC.filled(excluded=_left_out(excludes)), _VALID.filled(most=most, due=_due(within)), _DONE)


def _left_out(excludes: bool) -> Text | str:
    return _EXCLUDED.filled() if excludes else ""


def _due(within: Duration) -> Text:
    return (_DUE_BY_MOMENT if within.is_exact else _DUE_BY_DAY).filled()
