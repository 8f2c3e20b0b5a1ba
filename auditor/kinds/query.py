"""The escape hatch: a SELECT that returns the keys of the rows that are wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlglot import exp

from auditor.core.duration import Duration
from auditor.core.period import day_before
from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.base import Judgement, RowKind, kind, reads
from auditor.kinds.company import Listed
from auditor.kinds.conditions import Condition, parts
from auditor.kinds.scope import Setting
from auditor.kinds.selection import named_by
from auditor.kinds.spoken import Speaker

_FOUND, _EARLIER = "returned", "earlier"


@kind("sql")
@dataclass(frozen=True, kw_only=True)
class Query(RowKind):
    """Flags the rows of the rule's table whose key `query` returns; `population` says which rows it judges at all.

    The query sees the canonical tables alone, may use `$as_of` and the rule's parameters, and must return the key
    columns of the rule's table, or `_file` and `_row`, where a row stands. It sees all rows, of every period: what it
    looks at is its own business, and only rows of the audited period are reported. What is dated after the as-of day it
    sees, too: a query that counts what had been done by then says so with `$as_of`. For what another kind can say, use
    that kind: it knows unknown from in order, which a query does not.

    With `months` the query compares so many whole calendar months, the last of which ends with the as-of day, and only
    rows of that last one are judged. Where that day is not a month's last, or no row of the table is of the first day
    of these months or earlier, there are not so many to be compared and every row is unknown.

    NULL: where `population` is NULL, or the row has no key, it is unknown. A row that the query doesn't return is in
    order, so `population` must leave out what the query cannot judge.
    """

    query: sql.Expr = reads(
        "query", Text(zh="返回问题记录主键的查询", en="a SELECT that returns the keys of what is wrong")
    )
    population: sql.Expr = reads("condition", Text(zh="检查范围", en="which rows the query judges"))
    months: int | None = reads(
        "count",
        Text(zh="比较几个整月，至截止日", en="how many whole months it compares, up to the as-of day"),
        default=None,
    )

    example = "query: SELECT case_id FROM cases WHERE fine_amount > 200\npopulation: fine_amount is not null"

    def judge(self, setting: Setting) -> Judgement:
        keys = named_by(self.query, setting.scope)
        same = sql.both(*(sql.equal(sql.column(key, _FOUND), setting.own(key)) for key in keys))
        returned = exp.Subquery(this=self.query.copy(), alias=exp.TableAlias(this=exp.to_identifier(_FOUND)))
        listed = exp.Exists(this=exp.select(sql.number(1)).from_(returned).where(same))
        nameless = sql.either(*(sql.is_null(setting.own(key)) for key in keys if key in setting.scope.table.key))
        unjudged = sql.either(nameless, *self._cut_short(setting))
        within = sql.both(self.population, *self._last_month(setting))
        # Whether the months are whole is asked of all rows, so such a rule is not read by what its query lists alone.
        company = None
        if self.months is None and isinstance(self.query, exp.Query):
            company = Listed(usable=sql.negate(nameless), named=keys, query=self.query)
        violation = sql.case((unjudged, exp.null()), otherwise=listed)
        return Judgement(violation=violation, within=within, company=company)

    def _last_month(self, setting: Setting) -> list[sql.Expr]:
        """That a row is of the last of the months compared; nothing where none are."""
        end, at = setting.clock.as_of + timedelta(days=1), setting.row_moment()
        if self.months is None or end.day != 1 or at is None:
            return []
        return [sql.at_most(sql.moment(sql.date_(day_before(end, Duration(count=1, unit="months")))), at)]

    def _cut_short(self, setting: Setting) -> list[sql.Expr]:
        """That there are not so many whole months to be compared; nothing where none are asked for."""
        if self.months is None:
            return []
        end, at = setting.clock.as_of + timedelta(days=1), setting.row_moment()
        if end.day != 1 or at is None:
            return [exp.true()]
        first = day_before(end, Duration(count=self.months, unit="months"))
        own = setting.scope.table.name
        placed = at.copy()
        for column in placed.find_all(exp.Column):
            column.set("table", exp.to_identifier(_EARLIER))
        early = sql.less(placed, sql.moment(sql.date_(first + timedelta(days=1))))
        rows = exp.select(sql.number(1)).from_(sql.relation(own, _EARLIER)).where(early)
        return [sql.negate(exp.Exists(this=rows))]

    def reaches_back_to(self, first: date, last: date) -> date | None:
        if self.months is None:
            return None
        return day_before(last + timedelta(days=1), Duration(count=self.months, unit="months"))

    def conditions(self, setting: Setting, say: Speaker) -> Sequence[Condition]:
        returned = Text(zh="规则的查询返回了这条记录", en="the rule's query returns the row")
        return [*parts(self.population, say, "scope"), Condition(text=returned, met=sql.column("violation"))]

    def sentence(self, say: Speaker) -> Text:
        said = Text(
            zh="在符合下列条件的记录中，规则的查询返回的即为问题：{population}",
            en="flags the rows that the rule's query returns, of those for which this holds: {population}",
        ).filled(population=say.condition(self.population))
        if self.months is None:
            return said
        return Text(
            zh="{said}；比较截至截止日的 {months} 个整月，只判断最后一月的记录；数据不足时不作判断",
            en="{said}; compares {months} whole months up to the as-of day and judges the rows of the last one; "
            "where the data do not hold so many, nothing is judged",
        ).filled(said=said, months=self.months)
