"""The words that SQL is built of: what they nest must come out as it was meant."""

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from auditor.kinds import sql

_truth = st.sampled_from([True, False, None])
_LITERAL = {True: exp.true(), False: exp.false(), None: exp.null()}


def _tree() -> st.SearchStrategy[tuple[sql.Expr, bool | None]]:
    """A condition and the truth that it stands for, built side by side."""
    leaf = _truth.map(lambda value: (exp.cast(_LITERAL[value], "boolean"), value))

    def grow(inner: st.SearchStrategy[tuple[sql.Expr, bool | None]]) -> st.SearchStrategy[tuple[sql.Expr, bool | None]]:
        pair = st.tuples(inner, inner)
        return st.one_of(
            pair.map(lambda both: (sql.both(both[0][0], both[1][0]), _and(both[0][1], both[1][1]))),
            pair.map(lambda both: (sql.either(both[0][0], both[1][0]), _or(both[0][1], both[1][1]))),
            inner.map(lambda one: (sql.negate(one[0]), None if one[1] is None else not one[1])),
            inner.map(lambda one: (sql.is_null(one[0]), one[1] is None)),
            inner.map(lambda one: (sql.is_known(one[0]), one[1] is not None)),
            pair.map(lambda both: (sql.equal(both[0][0], both[1][0]), _same(both[0][1], both[1][1]))),
        )

    return st.recursive(leaf, grow, max_leaves=8)


def _and(a: bool | None, b: bool | None) -> bool | None:
    return False if a is False or b is False else None if a is None or b is None else True


def _or(a: bool | None, b: bool | None) -> bool | None:
    return True if a is True or b is True else None if a is None or b is None else False


def _same(a: bool | None, b: bool | None) -> bool | None:
    return None if a is None or b is None else a == b


@settings(max_examples=200, deadline=None)
@given(_tree())
def test_a_nested_condition_keeps_its_meaning(condition: tuple[sql.Expr, bool | None]) -> None:
    tree, meant = condition
    with duckdb.connect() as connection:
        [(said,)] = connection.execute(sql.render(exp.select(tree))).fetchall()
    assert said == meant


def test_a_tree_is_copied_only_where_it_is_part_of_another() -> None:
    one = sql.column("a")
    first = sql.is_null(one)
    assert first.this is one
    second = sql.is_null(one)
    assert second.this is not one
    assert second == first


def test_what_is_named_twice_is_there_twice() -> None:
    one = sql.column("a")
    for twice in (sql.coalesce(one, one), sql.equal(two := sql.column("a"), two)):
        first, second = twice.find_all(exp.Column)
        assert first == second
        assert first is not second
    assert sql.render(sql.both(first := sql.is_null(sql.column("b")), first), pretty=False) == (
        '("b" IS NULL) AND ("b" IS NULL)'
    )


def test_what_a_tree_has_become_part_of_is_none_of_its_own() -> None:
    column = sql.column("a")
    tree = sql.is_null(column)
    around = sql.coalesce(tree, exp.false())
    assert tree.parent is around
    assert sql.above(column, tree) is tree
    assert sql.above(tree, tree) is None


@given(st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=1, max_size=4))
def test_the_earliest_and_the_latest_are_of_those_that_are_known(values: list[int | None]) -> None:
    literals: list[sql.Expr] = [sql.cast_to(exp.null() if one is None else sql.number(one), "int") for one in values]
    with duckdb.connect() as connection:
        asked = exp.select(sql.earliest(*literals), sql.latest(*literals))
        [said] = connection.execute(sql.render(asked)).fetchall()
    known = [one for one in values if one is not None]
    assert said == ((min(known), max(known)) if known else (None, None))
