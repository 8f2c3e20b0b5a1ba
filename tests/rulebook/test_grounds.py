"""The grounds of data/codes/grounds.csv, to which a profile maps the source's words, are those that the rule judges."""

import csv
from datetime import date

import pytest

from auditor.core.places import shipped
from auditor.core.schema import tables
from auditor.core.words import show_value
from auditor.engines.examples import verdicts
from auditor.rulebook import load
from auditor.rulebook.model import Example

RULE = next(rule for rule in load().rules if rule.rule_id == "measure.ground-not-listed")
WHO = {
    "police_vehicle": ("traffic_police", "impound_vehicle"),
    "police_licence": ("traffic_police", "hold_licence"),
    "transport_vehicle": ("transport", "impound_vehicle"),
}
SAID = {"yes": "ok", "no": "violation", "": "unknown"}


def table() -> list[dict[str, str]]:
    with shipped("data", "codes", "grounds.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("who", WHO)
def test_each_ground_of_the_table_gets_the_verdict_that_the_table_says(who: str) -> None:
    domain, kind = WHO[who]
    rows = {row["ground"]: row[who] for row in table()}
    found = judged(domain, kind, [*rows, "something else", None])
    assert found == {
        **{ground: SAID[said] for ground, said in rows.items()},
        "something else": "unknown",
        "-": "unknown",
    }


def test_reports_call_each_ground_what_the_table_calls_it() -> None:
    assert tables()["measures"].columns["ground"].words == {row["ground"]: row["meaning_zh"] for row in table()}
    assert show_value("no_insurance", "string", "zh", column="measures.ground") == "未投保交强险"
    assert show_value("no_insurance", "string", "en", column="measures.ground") == "no insurance"
    assert show_value("no_insurance", "string", "en", column="measures.doc_no") == "no_insurance"
    assert show_value("other_ground", "string", "zh", column="measures.ground") == "other_ground"


def judged(domain: str, kind: str, grounds: list[str | None]) -> dict[str, str]:
    rows = tuple(
        {
            "measure_id": ground or "-",
            "domain": domain,
            "kind": kind,
            "ground": ground,
            "started_at": "2024-05-06 10:00",
            "plate_no": None,
            "unit_id": None,
        }
        for ground in grounds
    )
    example = Example(
        name="grounds",
        as_of=date(2024, 5, 31),
        period=None,
        parameters={},
        given={"measures": rows},
        columns={"measures": tuple(rows[0])},
        expect={},
        location=RULE.examples[0].location,
    )
    return dict(verdicts(RULE, example))
