"""`auditor explain`: from a folder of working papers alone, everything that one finding rests on."""

import json
from pathlib import Path

import pytest

from auditor.cli.finding import in_force
from auditor.core.finding import finding_id
from auditor.core.result import Article
from auditor.ledger import papers
from tests.cli.conftest import Command
from tests.specimen import PARTY, PHONE, PLATE, both, card, finding, run

ID = finding_id(f"v1:repeat.same-place-time:{'%E8%BE%BD'}D12345:2024-05-03")


@pytest.fixture(autouse=True)
def kept(tmp_path: Path) -> None:
    papers.write(run(), tmp_path / "kept")


def test_it_tells_the_facts_the_arithmetic_the_article_the_sql_and_every_row(command: Command) -> None:
    ended = command("explain", ID, "--run", "kept", "--lang", "en")
    lines = [line.strip() for line in ended.out.splitlines()]
    assert ended.status == 0
    assert lines[0] == "辽D****5 was fined 3 times"
    for expected in ("times fined: 3", "3 ≥ 3", "not fined twice", "SELECT case_id"):
        assert expected in lines, expected
    assert "cases.csv:2 (cases, subject)" in lines
    assert "cases.csv:3 (cases, subject)" in lines
    assert any(line.startswith("《行政处罚法》第二十九条") for line in lines)


@pytest.mark.parametrize("form", ["text", "json"])
def test_parties_are_masked_unless_asked_otherwise(command: Command, form: str) -> None:
    masked = command("explain", ID, "--run", "kept", "--format", form).out
    assert not [value for value in (PLATE, PARTY, PHONE) if value in masked]
    whole = command("explain", ID, "--run", "kept", "--format", form, "--show-personal-data").out
    assert all(value in whole for value in (PLATE, PARTY, PHONE))


def test_json_holds_the_rows(command: Command) -> None:
    rows = json.loads(command("explain", ID, "--run", "kept", "--format", "json").out)["rows"]
    assert [(row["file"], row["row"], row["values"]["case_id"]) for row in rows] == [
        ("cases.csv", 2, "C1"),
        ("cases.csv", 3, "C2"),
    ]


def test_the_beginning_of_an_id_is_enough_where_it_is_the_only_one(command: Command) -> None:
    assert command("explain", ID[:12], "--run", "kept").status == 0


def test_a_beginning_that_several_have_names_them(command: Command) -> None:
    twins = tuple(finding("repeat.same-place-time", PLATE, finding_id=f"abc{digit}") for digit in "12")
    papers.write(run().__class__(**{**{f: getattr(run(), f) for f in run().__slots__}, "findings": twins}), Path("two"))
    ended = command("explain", "abc", "--run", "two")
    assert ended.status == 2
    assert "2 findings begin with 'abc'" in ended.err
    assert "abc1, abc2" in ended.err


@pytest.mark.parametrize("written", ["", "zzz"])
def test_an_id_that_is_not_there_is_2(command: Command, written: str) -> None:
    ended = command("explain", written, "--run", "kept")
    assert ended.status == 2
    assert f"there is no finding {written!r} in this run" in ended.err


def test_an_id_mistyped_gets_the_nearest(command: Command) -> None:
    mistyped = ID[:-1] + ("0" if ID[-1] != "0" else "1")
    assert f"did you mean {ID!r}?" in command("explain", mistyped, "--run", "kept").err


def test_a_folder_without_a_run_is_3(command: Command) -> None:
    ended = command("explain", "abc", "--run", "nowhere")
    assert (ended.status, ended.err) == (3, "auditor: nowhere: there is no such folder\n")


def test_the_article_cited_is_the_one_in_force_on_the_day() -> None:
    from datetime import date

    old = Article(law="l", article="old", until=date(2024, 5, 2))
    last_day = Article(law="l", article="last day", until=date(2024, 5, 3))
    first_day = Article(law="l", article="first day", from_=date(2024, 5, 3))
    later = Article(law="l", article="later", from_=date(2024, 5, 4))
    rule = card("a.rule", basis=(old, last_day, first_day, later), why=both("why"))
    cited = in_force(rule, finding("a.rule", "K"))
    assert [article.article for article in cited] == ["last day", "first day"]
    assert in_force(rule, finding("a.rule", "K", first_at=None)) == rule.basis


def test_each_condition_has_its_answer_and_what_is_recorded_of_it(command: Command) -> None:
    lines = command("explain", ID, "--run", "kept", "--lang", "en").out.splitlines()
    begins = lines.index("Scope (met: it is the kind of case that is looked at)")
    assert lines[begins : lines.index("Grounds")] == [
        "Scope (met: it is the kind of case that is looked at)",
        "  ✓ the fine is above 100",
        "      fine: 200",
        "What is tested (met: what the rule looks for is there)",
        "  ✓ one of two is so",
        "      ✓ the plate is known",
        "          plate: 辽D****5",
        "      ? it was served late",
        "          served: —",
        "          (not recorded: served)",
    ]


def test_json_holds_the_conditions(command: Command) -> None:
    conditions = json.loads(command("explain", ID, "--run", "kept", "--format", "json").out)["conditions"]
    assert [(one["text"]["en"], one["role"], one["branch"], one["met"], one["values"]) for one in conditions] == [
        ("the fine is above 100", "scope", False, True, {"fine": "200"}),
        ("one of two is so", "test", False, True, {}),
        ("the plate is known", "test", True, True, {"plate": "辽D****5"}),
        ("it was served late", "test", True, None, {"served": "—"}),
    ]
    assert conditions[3]["blank"] == {"zh": "没有记载：served（中）", "en": "not recorded: served"}


def test_a_run_that_answered_no_conditions_is_explained_without_them(command: Command) -> None:
    whole = run()
    bare = whole.__class__(
        **{**{f: getattr(whole, f) for f in whole.__slots__}, "findings": (finding("x", PLATE, conditions=()),)}
    )
    papers.write(bare, Path("bare"))
    ended = command("explain", finding("x", PLATE).finding_id, "--run", "bare", "--lang", "en")
    assert ended.status == 0 and "Scope" not in ended.out
