"""The escape hatch: a SELECT that returns the keys of the rows that are wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.base import Judgement, RowKind, kind, reads
from auditor.kinds.company import Listed
from auditor.kinds.conditions import Condition, parts
from auditor.kinds.scope import Setting
from auditor.kinds.selection import AS_OF
from auditor.kinds.spoken import Speaker

_FOUND = "returned"


@kind("sql")
@dataclass(frozen=True, kw_only=True)
class Query(RowKind):
    """Flags the rows of the rule's table whose key `query` returns; `population` says which rows it judges at all.

    The query sees the canonical tables alone, may use `$as_of` and the rule's parameters, and must return the key
    columns of the rule's table. It sees all rows, of every period: what it looks at is its own business, and only
    rows of the audited period are reported. For what another kind can say, use that kind: it knows unknown from
    in order, which a query does not.

    NULL: where `population` is NULL, or the row has no key, it is unknown. A row that the query doesn't return is in
    order, so `population` must leave out what the query cannot judge.
    """

    query: sql.Expr = reads(
        "query", Text(zh="返回问题记录主键的查询", en="a SELECT that returns the keys of what is wrong")
    )
    population: sql.Expr = reads("condition", Text(zh="检查范围", en="which rows the query judges"))

    example = "query: SELECT case_id FROM cases WHERE fine_amount > 200\npopulation: fine_amount is not null"

    def judge(self, setting: Setting) -> Judgement:
        def stand_in(node: sql.Expr) -> sql.Expr:
            is_as_of = isinstance(node, exp.Placeholder) and node.name == AS_OF
            return sql.date_(setting.clock.as_of) if is_as_of else node

        keys = setting.scope.table.key
        same = sql.both(*(sql.equal(sql.column(key, _FOUND), setting.own(key)) for key in keys))
        query = self.query.transform(stand_in)
        returned = exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier(_FOUND)))
        listed = exp.Exists(this=exp.select(sql.number(1)).from_(returned).where(same))
        nameless = sql.either(*(sql.is_null(setting.own(key)) for key in keys))
        return Judgement(
            violation=sql.case((nameless, exp.null()), otherwise=listed),
            within=self.population,
            company=Listed(usable=sql.negate(nameless), query=query) if isinstance(query, exp.Query) else None,
        )

    def conditions(self, setting: Setting, say: Speaker) -> Sequence[Condition]:
        returned = Text(zh="规则的查询返回了这条记录", en="the rule's query returns the row")
        return [*parts(self.population, say, "scope"), Condition(text=returned, met=sql.column("violation"))]

    def sentence(self, say: Speaker) -> Text:
        return Text(
            zh="在符合下列条件的记录中，规则的查询返回的即为问题：{population}",
            en="flags the rows that the rule's query returns, of those for which this holds: {population}",
        ).filled(population=say.condition(self.population))
