"""The conditions of a finding as a page shows them: signs that need no colour, values masked, text never HTML."""

from dataclasses import replace

from auditor.core.condition import AskedColumn, ConditionCard
from auditor.core.finding import Evidence, Finding
from auditor.core.masks import Masks
from auditor.report.conditions import Answer, answers
from tests.specimen import both, card, evidence, finding, record

FOUND = finding("repeat.same-place-time", "辽D12345")
ROW = evidence(FOUND, "C1", 2)


def asked_of(found: Finding, *conditions: ConditionCard, rows: tuple[Evidence, ...] = (ROW,)) -> tuple[Answer, ...]:
    kept = {(row.role, row.source_row): record("C1", 2) for row in rows if row.table_name == "cases"}
    return answers(
        card("x", conditions=conditions),
        found,
        rows,
        lambda row: kept.get((row.role, row.source_row)),
        Masks(masked=True),
        (),
    )


def about(column: str, role: str = "subject", *, needed: bool = True) -> ConditionCard:
    asked = AskedColumn(table="cases", column=column, role=role, label=both(column), needed=needed)
    return ConditionCard(text=both(f"asks {column}"), role="test", columns=(asked,))


def test_only_a_blank_that_matters_is_blamed() -> None:
    untold = replace(FOUND, conditions=(None, None))
    asked = about("served_at"), about("decided_at", needed=False)
    assert [answer.blank and answer.blank.en for answer in asked_of(untold, *asked)] == [
        "not recorded: served_at",
        None,
    ]


def test_a_blank_is_not_blamed_for_what_could_be_told() -> None:
    assert [answer.blank for answer in asked_of(replace(FOUND, conditions=(True,)), about("served_at"))] == [None]


def test_of_several_rows_of_a_register_none_is_taken_for_the_first_rows() -> None:
    one = replace(ROW, role="other")
    of_register = about("fine_amount", "other")
    told = replace(FOUND, conditions=(True,))
    assert [entry.value.en for entry in asked_of(told, of_register, rows=(ROW, one))[0].values] == ["200"]
    assert asked_of(told, of_register, rows=(ROW, one, replace(one, source_row=3)))[0].values == ()
    assert [entry.value.en for entry in asked_of(told, of_register)[0].values] == ["—"]


def test_personal_values_are_masked() -> None:
    told = asked_of(replace(FOUND, conditions=(False,)), about("plate_no"))
    assert [(one.sign, one.word.en, [entry.value.zh for entry in one.values]) for one in told] == [
        ("✗", "not met", ["辽D****5"])
    ]
