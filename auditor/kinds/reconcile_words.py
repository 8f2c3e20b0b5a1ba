"""What a two-way match says: its sentence, its arithmetic and its conditions; templates over its own facts."""

from auditor.core.text import Text

MATCHED = Text(zh="按{pairs}与“{register}”核对", en="matches each row with {register} by {pairs}")
COUNTED = Text(zh="{matched}（只计：{condition}）", en="{matched} (only where {condition})")
ROWS = Text(zh="{matched}，{limit}没有对应记录的，即予列出", en="{matched}; flags a row that has none{limit}")
AMOUNTS = Text(
    zh="{matched}，对应记录的{amount}{limit}合计少于{left}{over}{allowed}的，即予列出",
    en="{matched}; flags a row whose matches' {amount} add up to less than {left}{limit}{over}{allowed}",
)
NONE = Text(zh="“{register}”中没有对应的记录", en="no row of {register} matches")
LESS = Text(zh="“{register}”的合计少于应有的金额", en="{register} add up to less than is due")
LESS_IN_TIME = Text(
    zh="期限届满时“{register}”的合计少于应有的金额",
    en="{register} had added up to less than is due when the time was over",
)
MORE = Text(zh="“{register}”的合计多于应有的金额", en="{register} add up to more than is due")
DIFFERS = Text(zh="“{register}”的合计与应有的金额不符", en="{register} do not add up to what is due")
TIME_OVER = Text(zh="自{start}起{length}的期限已过", en="{length} from {start} are over")

_ROWS = Text(zh="对应记录 {found} 条", en="{found} matching rows")
_AMOUNTS = Text(
    zh="对应记录 {found} 条，合计 {matched} − 应有 {owed} = {difference}",
    en="{found} matching rows, {matched} in all − {owed} due = {difference}",
)
_ROW_IN_TIME = Text(zh="应于 {due} 当日24时前；首笔 {first_right_at}", en="by {due} 24:00; first {first_right_at}")
_AMOUNT_IN_TIME = Text(
    zh="应于 {due} 当日24时前；首笔 {first_right_at}；期限内合计 {in_time}",
    en="by {due} 24:00; first {first_right_at}; {in_time} in time",
)


def steps(*, amounts: bool, in_time: bool) -> tuple[Text, ...]:
    """The arithmetic of a match of rows alone or of amounts, with or without a limit of time."""
    found = [_AMOUNTS if amounts else _ROWS]
    if in_time:
        found.append(_AMOUNT_IN_TIME if amounts else _ROW_IN_TIME)
    return tuple(found)
