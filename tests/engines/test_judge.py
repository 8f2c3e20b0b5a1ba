"""What one rule comes to: counts, findings, identity, evidence; and what happens when it cannot run."""

from collections.abc import Mapping
from datetime import date
from unittest.mock import patch

import pytest

from auditor.core.document import Entries, parse
from auditor.core.result import Period
from auditor.engines import rows as row_kinds
from auditor.engines.duckdb import of_tables
from auditor.engines.judge import Data, Judged, judge
from auditor.kinds.scope import Clock
from auditor.rulebook.examples import read_examples
from auditor.rulebook.header import Header
from tests.kinds.spec import rule, rule_text

MAY = Period(first=date(2024, 5, 1), last=date(2024, 5, 31), label="2024-05")
NO_DAYS: Mapping[str, list[int]] = {"day": [], "is_workday": [], "announced": [], "ordinal": []}


def run(
    check: str, tables: Mapping[str, str], *, table: str = "cases", extra: str = "", text: str | None = None
) -> Judged:
    """Judges tables of text in May 2024."""
    block = "".join(
        f"      {name}: |\n" + "".join(f"        {line.strip()}\n" for line in rows.strip().splitlines())
        for name, rows in tables.items()
    )
    document, _ = parse(f"tests:\n  - name: x\n    as_of: 2024-05-31\n    given:\n{block}    expect: {{}}\n", "x")
    assert isinstance(document, Entries)
    [example] = read_examples(Header(document, "x"))
    loaded = rule(text or rule_text(check, table=table, extra=extra))
    given = {name: (example.columns[name], rows) for name, rows in example.given.items()}
    data = Data(columns={name: frozenset(columns) for name, columns in example.columns.items()})
    clock = Clock(first=MAY.first, last=MAY.last, as_of=MAY.last)
    with of_tables(given, NO_DAYS) as session:
        return judge(loaded, session, data, clock, MAY)


CHECK = "kind: check\nfail_when: fine_amount > 200"
CASES = """
    case_id | fine_amount | occurred_at      | unit_id
    A       | 201         | 2024-05-02 08:00 | U1
    B       | 200         | 2024-05-02 09:00 | U1
    C       |             | 2024-05-02 10:00 | U1
    D       | 900         | 2024-04-30 23:59 | U1
    E       | 900         | 2024-06-01 00:00 | U1
"""


def test_counts_add_up_to_the_rows_of_the_period() -> None:
    result = run(CHECK, {"cases": CASES}).result
    assert (result.result, result.tested, result.ok, result.violation) == ("flagged", 2, 1, 1)
    assert (result.unknown, result.skipped, result.findings) == (1, 0, 1)


def test_a_finding_names_its_subject_and_cites_its_row() -> None:
    judged = run(CHECK, {"cases": CASES})
    [finding] = judged.findings
    [cited] = judged.evidence
    assert (finding.subject_id, finding.n_cases, finding.period) == ("A", 1, "2024-05")
    assert finding.fingerprint == "v1:test.rule:A"
    assert (cited.finding_id, cited.table_name, cited.row_key, cited.role) == (
        finding.finding_id,
        "cases",
        "A",
        "subject",
    )
    assert (cited.source_file, cited.source_row) == ("given", 2)


def test_the_identity_does_not_depend_on_threshold_message_or_place_in_the_file() -> None:
    moved = "\n".join(reversed(CASES.strip().splitlines()[1:]))
    one = run(CHECK, {"cases": CASES}).findings[0]
    text = rule_text("kind: check\nfail_when: fine_amount > 150", table="cases").replace(
        "message: {zh: 试验", "message: {zh: 换了"
    )
    other = run("", {"cases": f"{CASES.strip().splitlines()[0]}\n{moved}"}, text=text)
    assert one.finding_id in {finding.finding_id for finding in other.findings}


def test_rows_of_one_key_are_one_finding() -> None:
    text = (
        rule_text(CHECK, table="cases")
        .replace("key: [case_id]", "key: [unit_id]")
        .replace("id: case_id", "id: unit_id")
    )
    rows = CASES.replace("| 200 ", "| 300 ")
    judged = run("", {"cases": rows}, text=text)
    [finding] = judged.findings
    assert (finding.n_cases, finding.subject_id) == (2, "U1")
    assert (str(finding.first_at), str(finding.last_at)) == ("2024-05-02 08:00:00", "2024-05-02 09:00:00")
    assert [row.row_key for row in judged.evidence] == ["A", "B"]


@pytest.mark.parametrize("many", [0, 10_000])
def test_rows_of_one_key_are_one_finding_however_they_are_counted(many: int) -> None:
    """By the engine from `many` reported rows on; a key may be blank."""
    twice = CASES + "    A | 300 | 2024-05-03 08:00 | U1\n      | 300 | 2024-05-03 08:00 | U1\n"
    with patch.object(row_kinds, "MANY", many):
        judged = run(CHECK, {"cases": twice})
    assert (judged.result.violation, judged.result.findings) == (3, 2)
    assert len(judged.findings) == 2


def test_a_missing_column_makes_it_not_applicable_and_says_which() -> None:
    judged = run(CHECK, {"cases": "case_id | occurred_at\nA | 2024-05-01"})
    assert judged.result.result == "not_applicable"
    assert judged.result.reason is not None and judged.result.reason.en == "table cases lacks fine_amount"


def test_a_missing_table_makes_it_not_applicable_and_says_which() -> None:
    judged = run(
        "kind: lookup\nin: lots\nmatch: [lot_id]",
        {"measures": "measure_id | lot_id | started_at\nA | P | 2024-05-01"},
        table="measures",
    )
    assert judged.result.reason is not None and judged.result.reason.en == "table lots is missing"


def test_clean_needs_something_tested() -> None:
    judged = run(CHECK, {"cases": "case_id | fine_amount | occurred_at\nA | | 2024-05-01"})
    assert (judged.result.result, judged.result.unknown) == ("not_applicable", 1)
    judged = run(CHECK, {"cases": "case_id | fine_amount | occurred_at\nA | 1 | 2024-05-01"})
    assert (judged.result.result, judged.result.tested) == ("clean", 1)


def test_a_rule_that_breaks_is_a_result_of_its_own() -> None:
    # Division is no word of the language; a value too large for its type is still an error that only data brings.
    judged = run(
        "kind: check\nfail_when: fine_amount * fine_amount * fine_amount * fine_amount > 1",
        {"cases": "case_id | fine_amount | occurred_at\nA | 999999999999 | 2024-05-01"},
    )
    assert judged.result.result == "error"
    assert judged.trace is not None and judged.result.reason is not None


def test_clashing_register_rows_are_reported_once_with_their_places() -> None:
    extra = "with:\n  schedule: {table: penalty_schedule, match: [violation_code], valid_at: occurred_at}\n"
    judged = run(
        "kind: check\nfail_when: fine_amount > schedule.fine_max",
        {
            "cases": "case_id | violation_code | fine_amount | occurred_at\nA | 1039 | 201 | 2024-05-01",
            "penalty_schedule": """
                violation_code | fine_max | valid_from | valid_to
                1039           | 100      | 2020-01-01 | 2024-05-01
                1039           | 200      | 2024-05-01 |
                1040           | 100      | 2020-01-01 | 2024-04-30
                1040           | 200      | 2024-05-01 |
            """,
        },
        extra=extra,
    )
    [found] = judged.contract
    assert (found.check, found.rows) == ("two_in_force", ("given:2", "given:3"))
    assert judged.result.unknown == 1


def test_the_register_row_is_evidence_too() -> None:
    judged = run(
        "kind: lookup\nin: cameras\nmatch: [camera_id]\nvalid_at: occurred_at",
        {
            "cases": "case_id | camera_id | occurred_at\nA | C1 | 2024-05-01 08:00",
            "cameras": "camera_id | published_at\nC1 | 2024-05-02",
        },
    )
    assert [(row.table_name, row.row_key, row.role) for row in judged.evidence] == [
        ("cases", "A", "subject"),
        ("cameras", "C1", "register"),
    ]


def test_a_chain_of_repeats_keeps_its_identity_as_it_grows() -> None:
    check = "kind: repeat\nby: [plate_no]\nat: occurred_at\nwindow: 24 hours"
    text = rule_text(check, table="cases").replace("key: [case_id]", "key: [plate_no]")
    rows = "case_id | plate_no | occurred_at\nA | P | 2024-04-30 20:00\nB | P | 2024-05-01 08:00"
    [short] = run("", {"cases": rows}, text=text).findings
    [long] = run("", {"cases": rows + "\nC | P | 2024-05-02 07:00"}, text=text).findings
    assert (short.finding_id, short.n_cases, long.finding_id, long.n_cases) == (
        short.finding_id,
        2,
        short.finding_id,
        3,
    )
    assert short.fingerprint == "v1:test.rule:P:2024-04-30 20:00:00"


def test_case_data_cannot_be_changed_nor_files_read() -> None:
    import duckdb
    import pytest

    with of_tables({"cases": (("case_id",), [{"case_id": "A"}])}, NO_DAYS) as session:
        connection = session._connection  # pyright: ignore[reportPrivateUsage]
        with pytest.raises(duckdb.PermissionException):
            connection.execute("SELECT * FROM read_text('/etc/hostname')")
        with pytest.raises(duckdb.InvalidInputException):
            connection.execute("SET enable_external_access = true")


def test_data_that_begin_later_than_the_rule_looks_back_are_noted() -> None:
    check = "kind: repeat\nby: [plate_no]\nat: occurred_at\nwindow: 24 hours"
    rows = "case_id | plate_no | occurred_at\nA | P | {first} 10:00\nB | Q | 2024-05-20 08:00"
    for first, noted in (("2024-04-30", False), ("2024-05-01", True), ("2024-05-02", True)):
        notes = run(check, {"cases": rows.format(first=first)}).result.notes
        assert [first in note.en and "looks back to 2024-04-30" in note.en for note in notes] == [True] * noted
