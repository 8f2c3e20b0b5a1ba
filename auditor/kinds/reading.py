"""Reading a kind's fields from a rule file: each value by its declared type, all problems at once.

`$name` as a whole value stands for the parameter's value, which is then read like the value itself. A complaint that
names no number of its own is R103: the value has another shape than its field asks for.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any

from auditor.core.document import Entries, Items, Scalar, Value
from auditor.core.duration import parse_duration
from auditor.core.finding import LEVELS
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.core.schema import Table, tables
from auditor.kinds import expression, selection
from auditor.kinds.base import Band, FieldSpec, How, Kind, fields_of, kinds
from auditor.kinds.scope import Scope


class Reader:
    """Reads values in one scope and gathers what is wrong with them."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.problems: list[Problem] = []

    def kind(self, written: Value) -> Kind | None:
        """The `check:` block as the kind it names; None with problems noted."""
        if not isinstance(written, Entries):
            self._wrong(written.location, "check must be a mapping with a `kind:`")
            return None
        named = written.get("kind")
        if not isinstance(named, Scalar):
            self._wrong(written.location, "check has no `kind:`", "for example `kind: check`", code="R102")
            return None
        cls = kinds().get(named.value)
        if cls is None:
            hint = did_you_mean(named.value, kinds())
            self._wrong(named.location, f"unknown kind {named.value!r}", hint, code="R202")
            return None
        specs = fields_of(cls)
        before = len(self.problems)
        if cls.table_needed not in (None, self.scope.table.name):
            message = f"a {named.value} check goes over the table {cls.table_needed}, not {self.scope.table.name}"
            self._wrong(named.location, message, f"table: {cls.table_needed}", code="R405")
        self.problems += written.unknown_keys({"kind", *specs}, f"a {named.value} check")
        values: dict[str, Any] = {}
        register = self._register(written, specs)
        for name, spec in specs.items():
            value = written.get(name)
            if value is None:
                if spec.required:
                    message = f"a {named.value} check needs `{name}:`"
                    self._wrong(written.location, message, spec.doc.en, code="R102")
                continue
            values[spec.attribute] = self.value(value, spec, register)
        if len(self.problems) > before:
            return None
        read = cls(**values)
        for name, fault in read.faults():
            value = written.get(name)
            self._wrong(value.location if value else written.location, f"`{name}`: {fault}", code="R405")
        return read

    def _register(self, written: Entries, specs: dict[str, FieldSpec]) -> Table | None:
        for name, spec in specs.items():
            value = written.get(name)
            if spec.how == "table" and isinstance(value, Scalar):
                return tables().get(value.value)
        return None

    def value(self, written: Value, spec: FieldSpec, register: Table | None = None) -> Any:
        """One value by its declared type; None with a problem noted where it cannot be read."""
        filled = self._parameter(written)
        if filled is None:
            return None
        written = filled
        many: dict[How, Callable[[Value], Any]] = {
            "expressions": self._expressions,
            "conditions": lambda value: self._expressions(value, condition=True),
            "columns": self._columns,
            "bands": self._bands,
            "spans": self._spans,
            "words": self._words,
            "weights": self._weights,
            "match": lambda value: self.match(value, register),
        }
        if spec.how in many:
            return many[spec.how](written)
        if not isinstance(written, Scalar) or written.is_blank:
            return self._wrong(written.location, f"`{spec.name}` must be one value", spec.doc.en)
        return self._scalar(written, spec, register)

    def _scalar(self, written: Scalar, spec: FieldSpec, register: Table | None) -> Any:
        place, value = written.location, written.value
        match spec.how:
            case "condition":
                return self.expression(written, condition=True)
            case "expression":
                return self.expression(written, condition=False)
            case "register condition":
                return self._register_condition(written, register) if register else None
            case "query":
                parsed = selection.parse(written, self.scope)
                self.problems += parsed.problems
                return parsed.tree
            case "duration":
                length = parse_duration(value)
                hint = "for example 30 days, 7 working days, 3 months, 24 hours"
                return length or self._wrong(place, f"{value!r} is not a length of time", hint, code="R401")
            case "count":
                if value.isdigit() and int(value) >= 1:
                    return int(value)
                return self._wrong(place, f"{value!r} is not a whole number of 1 or more", code="R402")
            case "share":
                return self._share(written)
            case "number":
                return self._number(written)
            case "table":
                hint = did_you_mean(value, tables())
                return tables().get(value) or self._wrong(place, f"unknown table {value!r}", hint, code="R201")
            case "own column":
                return self._known(written, self.scope.table)
            case "register column":
                return self._known(written, register) if register else None
            case "choice":
                if value in spec.choices:
                    return value
                return self._wrong(place, f"{value!r} is not one of {', '.join(spec.choices)}", code="R105")
            case _:
                raise AssertionError(spec.how)

    def expression(self, written: Scalar, *, condition: bool) -> Any:
        parsed = expression.parse(written, self.scope, condition=condition)
        self.problems += parsed.problems
        return parsed.tree

    def _register_condition(self, written: Scalar, register: Table) -> Any:
        """A condition over the register's own columns."""
        parsed = expression.parse(written, Scope(table=register, parameters=self.scope.parameters), condition=True)
        self.problems += parsed.problems
        return parsed.tree

    def match(self, written: Value, register: Table | None) -> Any:
        """Pairs of a column here and a column of the register: a list where both bear one name, else a mapping."""
        pairs: list[tuple[Scalar, Scalar]] = []
        match written:
            case Items():
                pairs = [(item, item) for item in written if isinstance(item, Scalar)]
            case Entries():
                pairs = [
                    (Scalar(name, written.keys[name]), item)
                    for name, item in written.items()
                    if isinstance(item, Scalar)
                ]
            case Scalar():
                pairs = [(written, written)]
        if not pairs:
            return self._wrong(written.location, "match names no column")
        found = [(self._known(own, self.scope.table), self._known(theirs, register)) for own, theirs in pairs]
        return tuple(pair for pair in found if pair[0] and pair[1])

    def _expressions(self, written: Value, *, condition: bool = False) -> Any:
        items = written if isinstance(written, Items) else Items((written,), written.location)
        read: list[Any] = []
        for item in items:
            if isinstance(item, Scalar) and not item.is_blank:
                read.append(self.expression(item, condition=condition))
            else:
                self._wrong(item.location, "must be a column or an expression")
        return tuple(read)

    def _columns(self, written: Value) -> Any:
        items = written if isinstance(written, Items) else Items((written,), written.location)
        return tuple(self._known(item, self.scope.table) for item in items)

    def _words(self, written: Value) -> Any:
        items = written if isinstance(written, Items) else Items((written,), written.location)
        read = tuple(item.value for item in items if isinstance(item, Scalar) and not item.is_blank)
        return (
            read if len(read) == len(items) and read else self._wrong(written.location, "a list of words is expected")
        )

    def _weights(self, written: Value) -> Any:
        """Names with a whole number each: a mapping, or a list in which each weighs 1."""
        if not isinstance(written, Entries):
            words = self._words(written)
            if words is None:
                return None
            twice = [word for number, word in enumerate(words) if word in words[:number]]
            if twice:
                return self._wrong(written.location, f"{twice[0]} is listed twice")
            return tuple((word, 1) for word in words)
        read: list[tuple[str, int]] = []
        for name, value in written.items():
            if isinstance(value, Scalar) and value.value.isdigit() and int(value.value) >= 1:
                read.append((name, int(value.value)))
            else:
                self._wrong(value.location, f"the weight of {name} must be a whole number of 1 or more", code="R402")
        return tuple(read)

    def _bands(self, written: Value) -> Any:
        bands: list[Band] = []
        for item in written if isinstance(written, Items) else ():
            if not isinstance(item, Entries):
                self._wrong(item.location, "a band is written {to: 7 days, level: medium}")
                continue
            self.problems += item.unknown_keys({"to", "level"}, "a band")
            level, to = item.get("level"), item.get("to")
            if not isinstance(level, Scalar) or level.value not in LEVELS:
                self._wrong(item.location, f"a band needs a level, one of {', '.join(LEVELS)}", code="R404")
                continue
            length = parse_duration(to.value) if isinstance(to, Scalar) else None
            if to is not None and length is None:
                self._wrong(to.location, "is not a length of time", code="R401")
            bands.append(Band(to=length, level=level.value))
        if not bands or bands[-1].to is not None or any(band.to is None for band in bands[:-1]):
            message = "bands must end with one that has no `to`, and only the last may have none"
            self._wrong(written.location, message, code="R404")
        elif any(
            one.to and two.to and (one.to.unit != two.to.unit or one.to.count >= two.to.count)
            for one, two in pairwise(bands)
        ):
            self._wrong(written.location, "bands must grow, in one unit", code="R404")
        return tuple(bands)

    def _spans(self, written: Value) -> Any:
        spans: list[tuple[Any, Any]] = []
        for item in written if isinstance(written, Items) else ():
            ends = tuple(item) if isinstance(item, Items) else ()
            if len(ends) != 2:
                self._wrong(item.location, "a span is written [from column, to column]")
                continue
            first, last = self._expressions(Items(ends, item.location))
            spans.append((first, last))
        if not spans:
            self._wrong(written.location, "a list of spans is expected, each [from column, to column]")
        return tuple(spans)

    def _share(self, written: Scalar) -> Any:
        try:
            value = float(written.value)
        except ValueError:
            return self._wrong(written.location, f"{written.value!r} is not a number", code="R403")
        return value if 0 <= value <= 1 else self._wrong(written.location, "must lie between 0 and 1", code="R403")

    def _number(self, written: Scalar) -> Any:
        """A plain decimal number, kept exact: limits are compared with it."""
        if not re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", written.value):
            return self._wrong(written.location, f"{written.value!r} is not a number", code="R403")
        return Decimal(written.value)

    def _known(self, written: Value, table: Table | None) -> str:
        if not isinstance(written, Scalar):
            self._wrong(written.location, "must be a column")
        elif table is not None and written.value not in table.columns:
            hint = did_you_mean(written.value, table.columns)
            self._wrong(written.location, f"table {table.name} has no column {written.value!r}", hint, code="R203")
        elif table is not None:
            return written.value
        return ""

    def _parameter(self, written: Value) -> Value | None:
        if not isinstance(written, Scalar) or not written.value.startswith("$") or not written.value[1:].isidentifier():
            return written
        value = self.scope.parameters.get(written.value[1:])
        if value is None:
            hint = did_you_mean(written.value[1:], self.scope.parameters)
            return self._wrong(written.location, f"unknown parameter {written.value}", hint, code="R205")
        return Scalar(value, written.location)

    def _wrong(self, place: Location, message: str, hint: str | None = None, *, code: str = "R103") -> None:
        self.problems.append(Problem(message, place, hint, code=code))
