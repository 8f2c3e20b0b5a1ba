"""A rule compiled and ready to be asked of the data, alone or with others."""

from dataclasses import dataclass, replace

from sqlglot import exp

from auditor.core.schema import SOURCE_FILE, SOURCE_ROW
from auditor.engines import conditions, registers
from auditor.engines.compiler import compile_rule
from auditor.engines.query import Part, Query
from auditor.kinds import sql
from auditor.kinds.scope import Setting
from auditor.rulebook import Rule


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A rule compiled, with what the data provide. `clashing` are its registers, by alias, that have rows in force at
    the same time; the others can be joined as they are."""

    rule: Rule
    query: Query
    setting: Setting
    clashing: frozenset[str] = frozenset()

    def compiled(self, part: Part) -> Query:
        """The same over a part of the rule's table."""
        return compile_rule(self.rule, self.setting, part, clashing=self.clashing)

    def join(self, query: exp.Select, alias: str, named: str) -> exp.Select:
        """The query with a register joined under a name."""
        with_ = replace(self.rule.scope.joined[alias], alias=named)
        condition = registers.condition(with_, self.setting)
        if alias not in self.clashing:
            return query.join(sql.relation(with_.table.name, named), on=condition, join_type="left", copy=False)
        clash = f"{named}_clashes"
        query = query.join(registers.clear(with_, clash), on=condition, join_type="left", copy=False)
        return query.with_(clash, as_=registers.clashes(with_, self.setting), copy=False)


def columns_of(one: Asked) -> set[str]:
    """The columns of its own table that a rule reads for all that it will say of a row."""
    table, with_ = one.rule.scope.table.name, one.rule.scope.joined.values()
    trees = [*one.query.outputs.values(), *(registers.condition(register, one.setting) for register in with_)]
    if one.query.judgement is not None:
        judgement = one.query.judgement
        trees += [*judgement.registers.values(), judgement.violation, *judgement.facts.values()]
        trees += [value for stage in judgement.stages for value in stage.columns.values()]
        trees += [joined.on for stage in judgement.stages for joined in stage.joins]
    trees += conditions.trees(one.rule, one.setting)
    named = {column.name for tree in trees for column in tree.find_all(exp.Column) if column.table == table}
    return {*named, SOURCE_FILE, SOURCE_ROW}
