"""A table written in steps, and expressions that the store knows as functions: shorter to say, with the same values."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.intake.columns.dates import moment, plainly
from auditor.intake.store.database import connect, ibis, once
from auditor.intake.store.functions import Functions, function
from auditor.intake.store.steps import Steps

TEXTS = ["2024-05-31", "2024-05-31 08:05:00", "2024年5月31日8时", "31.5.2024", "", None]


@pytest.fixture
def con(tmp_path: Path) -> Iterator[Any]:
    con = connect(tmp_path / "store.duckdb")
    con.create_table("texts", ibis.memtable({"n": range(len(TEXTS)), "text": TEXTS}))
    yield con
    con.disconnect()


class Counting:
    """A connection that counts the functions it is told of."""

    def __init__(self, con: Any) -> None:
        self._con, self.told = con, 0

    def raw_sql(self, query: Any) -> Any:
        self.told += query.kind == "MACRO"
        return self._con.raw_sql(query)


def read_moment(text: Any, plain: Any) -> Any:
    return moment(text, (), plain=plain, days=False, from_cells=False, workbook=False)


def rows(con: Any, table: Any) -> list[dict[str, Any]]:
    return con.to_pyarrow(table.order_by("n")).to_pylist()


def test_a_function_has_the_values_of_its_expression(con: Any) -> None:
    read = function("read_moment", read_moment, text="string", plain="timestamp")
    texts = con.table("texts")
    text, plain = texts["text"], plainly(texts["text"])
    said = texts.select("n", own=read_moment(text, plain), told=Functions(con).of(read, text, plain))
    found = rows(con, said)
    assert [row["told"] for row in found] == [row["own"] for row in found]
    assert [str(row["told"]) for row in found[:4]] == [
        "2024-05-31 00:00:00", "2024-05-31 08:05:00", "2024-05-31 08:00:00", "None",
    ]  # fmt: skip


def test_a_value_that_is_put_in_is_worked_out_where_it_stands(con: Any) -> None:
    # A name within the function and one of the table are the same word.
    twice = function("twice", lambda text: once(text.upper(), lambda text: text + text), text="string")
    texts = con.table("texts").mutate(text=ibis.literal("a"))
    found = rows(con, texts.select("n", said=Functions(con).of(twice, texts["text"] + "b")))
    assert {row["said"] for row in found} == {"ABAB"}


def test_a_connection_is_told_of_a_function_once(con: Any) -> None:
    counting = Counting(con)
    read = function("read_moment", read_moment, text="string", plain="timestamp")
    functions, text = Functions(counting), con.table("texts")["text"]
    for _ in range(3):
        functions.of(read, text, plainly(text))
    assert counting.told == 1
    Functions(counting).of(function("upper_text", lambda text: text.upper(), text="string"), text)
    assert counting.told == 2


def test_steps_end_in_a_table_by_the_names_of_its_columns(con: Any) -> None:
    steps = Steps(con, Functions(con))
    con.create_table("found", schema=ibis.schema({"n": "int64", "length": "int64", "twice": "int64"}))
    texts = con.table("texts")
    first = steps.step("first", texts.select(texts["n"], length=texts["text"].length()))
    second = steps.step("second", first.mutate(twice=first["length"] * 2))
    steps.insert("found", second.select(second["twice"], second["length"], second["n"]))
    assert rows(con, con.table("found"))[0] == {"n": 0, "length": 10, "twice": 20}
    assert [row["twice"] for row in rows(con, con.table("found"))] == [20, 38, 24, 18, 0, None]


def test_a_step_is_no_copy_of_the_table(con: Any) -> None:
    steps = Steps(con, Functions(con))
    asked: list[str] = []
    con.create_table("found", schema=ibis.schema({"a": "string", "b": "string"}))
    texts = con.table("texts")
    first = steps.step("first", texts.select(text=texts["text"].upper()))
    second = steps.step("second", first.select(a=first["text"], b=first["text"].lower()))
    run, con.raw_sql = con.raw_sql, lambda query: asked.append(query.sql("duckdb"))
    steps.insert("found", second)
    con.raw_sql = run
    [(_, plan)] = con.raw_sql(f"EXPLAIN {asked[0]}").fetchall()
    assert "Batch Insert" in plan
    assert "CTE" not in plan, "written down in between"
