"""What a rule's columns, registers and values are called: labels in place of names, words in place of codes.

In English a column is called by its name. Moments and yes-or-no columns are named by what was done (`decided at`,
`corrected`), which reads like a verb: these stand in quotation marks, and so does a name that ends in `by`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from auditor.core.schema import Column, Table, tables
from auditor.core.text import Text, listed, run_on
from auditor.core.words import show_value
from auditor.kinds.scope import Scope, With

AND = Text(zh="和", en=" and ")
OR = Text(zh="或", en=" or ")
YES, NO = Text(zh="是", en="yes"), Text(zh="否", en="no")

_READS_LIKE_A_VERB = ("timestamp", "date", "bool")
_OF_THE_REGISTER = Text(zh="“{register}”的{column}", en="the {register}'s {column}")
_OF_THE_REGISTERS = Text(zh="“{register}”的{column}", en="the {register}' {column}")
_OF_THE_ONE = Text(zh="“{register}”的{column}", en="the {column} of the {register}")
_TOLD_APART = Text(zh="{table}（{how}）", en="{table} {how}")
_BY = Text(zh="按{column}", en="looked up by {column}")
_AT = Text(zh="{column}时有效", en="in force at {column}")
_YUAN = Text(zh="{value}元", en="{value} yuan")
_QUOTED = Text(zh="“{text}”", en="“{text}”")


@dataclass(frozen=True, kw_only=True)
class Labels:
    """The words of one rule."""

    scope: Scope

    def column(self, name: str, alias: str | None = None) -> Text:
        """A column of the rule's own table, or under an alias one of a register that it names; any canonical table
        goes by its name as well."""
        described = self.described(name, alias or self.scope.table.name)
        if described is None:
            raise ValueError(f"there is no column {name} in {alias or self.scope.table.name}")
        if alias in (None, self.scope.table.name):
            return plain(described)
        register = self.register(alias)
        form = _OF_THE_REGISTERS if register.en.endswith("s") else _OF_THE_REGISTER
        if self._how(alias):
            form = _OF_THE_ONE
        return form.filled(register=register, column=plain(described))

    def described(self, name: str, alias: str) -> Column | None:
        found = self.scope.find(name, alias)
        return found or (tables()[alias].columns.get(name) if alias in tables() else None)

    def register(self, alias: str) -> Text:
        """A register, told apart from others of one table by what it was looked up by, and when it was in force."""
        table = self.scope.joined[alias].table if alias in self.scope.joined else tables()[alias]
        how = self._how(alias)
        if not how:
            return table.label
        return _TOLD_APART.filled(table=table.label, how=run_on(how, Text(zh="，", en=", ")))

    def _how(self, alias: str) -> list[Text]:
        named = self.scope.joined.get(alias)
        if named is None:
            return []
        others = [one for one in self.scope.joined.values() if one.table == named.table and one.alias != alias]
        how: list[Text] = []
        if named.table == self.scope.table or any(_looked_up_by(one) != _looked_up_by(named) for one in others):
            how.append(_BY.filled(column=self.columns(_looked_up_by(named))))
        if named.valid_at is not None and any(one.valid_at != named.valid_at for one in others):
            how.append(_AT.filled(column=self.column(named.valid_at)))
        return how

    def columns(self, names: Sequence[str], last: Text = AND) -> Text:
        return listed([self.column(name) for name in names], last)

    def pairs(self, match: Sequence[tuple[str, str]], register: Table) -> Text:
        """The columns by which rows are tied to a register's: once where both bear one name."""
        return listed([self._pair(own, register.columns[theirs]) for own, theirs in match], AND)

    def _pair(self, own: str, theirs: Column) -> Text:
        mine = self.column(own)
        if own == theirs.name:
            return mine
        return Text(zh="{mine}（对应{theirs}）", en="{mine} (there: {theirs})").filled(mine=mine, theirs=plain(theirs))

    def value(self, literal: exp.Literal, beside: Column | None) -> Text:
        """A value as it is said of a column: a code by its word, an amount with its unit, a text in quotation marks."""
        value = literal.name
        if not literal.is_string:
            money = beside is not None and beside.type == "money"
            return _YUAN.filled(value=value) if money else Text(zh=value, en=value)
        if beside is not None and beside.codes:
            return beside.said(value) or Text(zh=value, en=value.replace("_", " "))
        if beside is not None and beside.type in ("timestamp", "date"):
            shown = show_value(value.replace("T", " "), "timestamp" if len(value) > len("2024-05-01") else "date", "en")
            return Text(zh=shown, en=shown)
        if beside is not None and beside.name == "field":
            return self.field(value)
        said = None if beside is None else beside.said(value)
        return _QUOTED.filled(text=said or value)

    def field(self, name: str) -> Text:
        """What a log of changes calls a field: a column of the cases, else the log's own word."""
        described = next((one for one in tables()["cases"].columns.values() if name in (one.name, one.zh)), None)
        return Text(zh=f"“{name}”", en=f"“{name}”") if described is None else plain(described)


def plain(column: Column) -> Text:
    """A column of the table that is spoken of."""
    verb = column.type in _READS_LIKE_A_VERB or column.name.endswith("_by")
    return Text(zh=column.zh, en=f"“{column.label.en}”" if verb else column.label.en)


def _looked_up_by(named: With) -> tuple[str, ...]:
    return tuple(own for own, _ in named.match)
