"""Values that many columns are made of in one way, as functions of the store."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import Parameter, Signature
from typing import Any, cast

from ibis.backends.sql.compilers import duckdb as _compilers  # pyright: ignore[reportMissingTypeStubs]
from sqlglot import exp

from auditor.intake.store.database import ibis

_COMPILER = cast(Any, _compilers).DuckDBCompiler()


@dataclass(frozen=True)
class Function:
    """An expression over values with names, put together and written once and not again for each column."""

    name: str
    definition: exp.Create
    call: Callable[..., Any]


def function(name: str, make: Callable[..., Any], **types: str) -> Function:
    """What `make` makes of values of these types, which it takes in this order. The name is to say all that makes the
    expression what it is."""
    given = ibis.table(types, name="given")
    value = make(*(given[parameter] for parameter in types))
    tree = _COMPILER.to_sqlglot(given.select(value=value)).selects[0].unalias()
    for column in list(tree.find_all(exp.Column)):
        column.set("table", None)
    parameters = [exp.to_identifier(parameter, quoted=True) for parameter in types]
    named = exp.UserDefinedFunction(this=exp.to_table(name), expressions=parameters, wrapped=True)
    temporary = exp.Properties(expressions=[exp.TemporaryProperty()])
    signature = (tuple(types.values()), value.type())
    return Function(
        name=name,
        definition=exp.Create(this=named, kind="MACRO", expression=tree, properties=temporary),
        call=ibis.udf.scalar.builtin(_known_to_the_store(tuple(types)), name=name, signature=signature),
    )


def _known_to_the_store(parameters: Sequence[str]) -> Callable[..., Any]:
    """A function of so many parameters; what it does, stands in the definition."""

    def known(*_values: Any) -> Any: ...

    taken = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in parameters]
    known.__signature__ = Signature(taken)  # pyright: ignore[reportFunctionMemberAccess]
    return known


class Functions:
    """The functions that a connection knows; one is told to it before its first use."""

    def __init__(self, con: Any) -> None:
        self._con, self._known = con, set[str]()

    def of(self, function: Function, *values: Any) -> Any:
        """The function of these values."""
        if function.name not in self._known:
            self._con.raw_sql(function.definition)
            self._known.add(function.name)
        return function.call(*values)
