"""The circulation edition as it would be published: nothing in it leads to a person, and its counts are right."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from auditor.core.finding import Finding
from auditor.core.masks import Masks
from auditor.core.result import Run, Slice
from auditor.core.schema import tables
from auditor.report.book import Book
from auditor.report.circulation import Pseudonyms, render
from auditor.report.circulation.published import Side, side
from tests.report.made_up_run import made_up
from tests.report.test_report import HOSTILE, Page, spoil
from tests.specimen import finding
from tests.specimen import run as specimen

KEY = bytes(range(32))


def published(run: Run, folder: Path, *, key: bytes = KEY, least: int = 5) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    render(run, folder, language="zh", names=Pseudonyms(key), least=least)
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def texts(value: Any) -> Iterator[str]:
    """Every string in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, dict):
        yield from texts(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)


CODES = {word for table in tables().values() for column in table.columns.values() for word in column.codes}


def of_the_data(run: Run) -> set[str]:
    """All that the run holds of the data: ids, names, plates, phones, places, files, row keys, sentences."""
    found: set[str] = set()
    for record in run.records:
        found |= {value for value in record.values.values() if value not in CODES}
        found |= {record.row_key, record.source_file}
    for one in run.findings:
        found |= {one.finding_id, one.fingerprint, one.subject_id, one.unit_id or "", *texts(one.message)}
        found |= {
            fact.value or "" for fact in one.facts if fact.type not in ("int", "days", "minutes", "share", "bool")
        }
    for row in run.evidence:
        found |= {row.row_key, row.source_file}
    for file in run.inputs:
        found |= {file.file, file.sha256}
    found |= {*run.units, *run.units.values(), *run.officers, *run.officers.values(), *texts(run.quarantine)}
    found |= {*texts(run.contract), *texts(run.unread), *(text for one in run.results for text in texts(one.reason))}
    found |= {text for one in run.results for text in texts(one.not_judged)} | {
        text for one in run.results for text in texts(one.notes)
    }
    return {value for value in found if len(value) >= 3 and not value.isdigit() and value not in tables()}


def words_of_the_rulebook(run: Run) -> str:
    return " ".join(text for card in run.cards for text in (*card.title.to_dict().values(), card.rule_id))


@pytest.mark.parametrize("size", [1, 3])
def test_not_a_value_of_the_data_is_in_any_file_of_it(size: int, tmp_path: Path) -> None:
    run = made_up(size=size).run
    pages = published(run, tmp_path)
    assert set(pages) == {"index.html", "coverage.html", "method.html", "report.json"}
    everything = "\n".join((*pages, *pages.values()))
    bare = re.sub(r"<style>.*?</style>|<script>.*?</script>", "", everything, flags=re.DOTALL)
    values = of_the_data(run)
    assert len(values) > 200
    rulebook = words_of_the_rulebook(run)
    assert sorted(value for value in values if value in bare and value not in rulebook and not _month(value)) == []


def _month(value: str) -> bool:
    """Months and the as-of date are what the edition is about."""
    return bool(re.fullmatch(r"20\d\d-\d\d(-\d\d)?", value))


def test_all_numbers_longer_than_a_count_are_gone_too(tmp_path: Path) -> None:
    """Ids of digits alone, which the search above leaves to this one."""
    run = made_up(size=3).run
    everything = "\n".join(published(run, tmp_path).values())
    digits = {value for record in run.records for value in record.values.values() if value.isdigit() and len(value) > 5}
    assert len(digits) > 100
    assert [value for value in digits if value in everything] == []


def test_hostile_text_of_a_run_does_not_reach_it(tmp_path: Path) -> None:
    hostile = spoil(made_up(size=1, word=lambda value: f"{value}{HOSTILE}").run)
    hostile = replace(hostile, units=dict.fromkeys(hostile.units, HOSTILE), period=made_up(size=1).run.period)
    for name, text in published(hostile, tmp_path).items():
        if name.endswith(".html"):
            page = Page(text)
            assert (page.open, page.unbalanced) == ([], []), name
            assert [tag for tag, _ in page.tags].count("script") == 1 and "img" not in {tag for tag, _ in page.tags}


def test_the_same_run_and_key_give_the_same_bytes(tmp_path: Path) -> None:
    run = made_up(size=2).run
    turned = replace(run, findings=run.findings[::-1], cards=run.cards[::-1], results=run.results[::-1])
    assert published(run, tmp_path / "a") == published(turned, tmp_path / "b")


def test_a_unit_keeps_its_pseudonym_from_month_to_month_and_another_key_gives_others() -> None:
    assert Pseudonyms(KEY).of("unit", "U1") == Pseudonyms(KEY).of("unit", "U1")
    assert Pseudonyms(KEY).of("unit", "U1") != Pseudonyms(KEY[::-1]).of("unit", "U1")
    assert Pseudonyms(KEY).of("unit", "U1") != Pseudonyms(KEY).of("officer", "U1")
    assert len({Pseudonyms(KEY).of("unit", str(n)) for n in range(5000)}) == 5000
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", Pseudonyms(KEY).of("unit", "U1"))


def test_a_pseudonym_is_as_the_published_function_says() -> None:
    """HMAC-SHA256 of RFC 2104, worked out with the standard library's own in one call."""
    import hmac

    number = int.from_bytes(hmac.digest(KEY, b"unit\0U1", "sha256")[:5], "big")
    signs = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    told = "".join(signs[number >> (5 * place) & 31] for place in range(8))
    assert Pseudonyms(KEY).of("unit", "U1") == f"{told[:4]}-{told[4:]}"


def test_a_key_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="can be guessed"):
        Pseudonyms(b"short")


def many(counts: Iterable[tuple[str, str, int]]) -> tuple[Finding, ...]:
    """So many findings of a unit in a month."""
    return tuple(
        finding("repeat.same-place-time", f"{unit}{month}{n}", unit_id=unit, first_at=_day(month))
        for unit, month, total in counts
        for n in range(total)
    )


def _day(month: str) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(f"{month}-02")


def side_of(findings: tuple[Finding, ...], *, least: int = 5) -> Side:
    run = replace(specimen(), findings=findings, evidence=(), records=())
    return side(Book(run, Masks(masked=True)), "violation", Pseudonyms(KEY), least)


def unit(name: str) -> str:
    return f"单位 {Pseudonyms(KEY).of('unit', name)}"


def test_counts_are_those_of_the_findings() -> None:
    found = side_of(many([("U1", "2024-04", 7), ("U1", "2024-05", 9), ("U2", "2024-05", 20)]))
    assert found.total.value == 36
    assert {line.name.zh: line.found.value for line in found.units} == {unit("U1"): 16, unit("U2"): 20, "未记录单位": 0}
    assert {line.name.zh: line.found.value for line in found.months} == {"2024-04": 7, "2024-05": 29, "未注明日期": 0}
    assert [line.found.value for line in found.chapters] == [36]
    assert {line.label.css: line.found.value for line in found.levels if line.label}["high"] == 36


def test_the_unit_that_would_give_a_small_one_away_is_withheld_with_it() -> None:
    """3 of 36: the smallest other unit goes too, and the total stays."""
    found = side_of(many([("U1", "2024-05", 3), ("U2", "2024-05", 13), ("U3", "2024-05", 20)]))
    shown = {line.name.zh: line.found.value for line in found.units}
    assert shown == {unit("U1"): None, unit("U2"): None, unit("U3"): 20, "未记录单位": 0}
    assert found.total.value == 36


@pytest.mark.parametrize(("count", "shown"), [(4, None), (5, 5), (0, 0)])
def test_the_least_count_is_the_first_that_is_shown(count: int, shown: int | None) -> None:
    assert side_of(many([("U1", "2024-05", count)])).total.value == shown


def test_a_county_may_withhold_more() -> None:
    assert side_of(many([("U1", "2024-05", 9)]), least=10).total.value is None


def test_waived_resolved_trial_and_leads_are_not_among_the_violations() -> None:
    plain = many([("U1", "2024-05", 6)])
    others = (
        replace(plain[0], finding_id="a", waived=True),
        replace(plain[0], finding_id="b", state="resolved"),
        replace(plain[0], finding_id="c", rule_id="trial.rule"),
        replace(plain[0], finding_id="d", rule_id="profit.max-fine-rate", certainty="lead"),
    )
    assert side_of((*plain, *others)).total.value == 6


def test_row_checks_stand_beside_the_findings_of_units_and_months() -> None:
    """Of the specimen: 98 rows tested by the rule with findings, in U1 and May, and 50 by one that counted none."""
    found = side_of(many([("U1", "2024-05", 6)]))
    assert found.row_checks.value == 148
    assert {line.name.zh: line.tested.value if line.tested else "—" for line in found.units} == {
        unit("U1"): 98,
        "未记录单位": 0,
    }


def test_small_numbers_tested_are_withheld_too() -> None:
    run = specimen()
    few = tuple(
        replace(one, tested=3, ok=1, slices=(Slice(unit_id="U1", month="2024-05", tested=3, violation=2, unknown=0),))
        if one.rule_id == "repeat.same-place-time"
        else one
        for one in run.results
    )
    told = side(Book(replace(run, results=few), Masks(masked=True)), "violation", Pseudonyms(KEY), 5)
    assert {line.title.en: line.tested.value for line in told.rules}["title of repeat.same-place-time"] is None


def test_rules_that_looked_at_nothing_are_named_without_the_words_of_an_engine(tmp_path: Path) -> None:
    said = published(specimen(), tmp_path)["index.html"]
    assert "title of broken.rule" in said and "运行出错" in said and "division by zero" not in said


def test_machines_read_the_same_counts_with_null_for_what_is_withheld(tmp_path: Path) -> None:
    run = replace(specimen(), findings=many([("U1", "2024-05", 3), ("U2", "2024-05", 13), ("U3", "2024-05", 20)]))
    document = json.loads(published(run, tmp_path)["report.json"])
    assert document["violation"]["findings"] == 36
    assert [one["findings"] for one in document["violation"]["by_unit"]].count(None) == 2
    assert document["least_count"] == 5
