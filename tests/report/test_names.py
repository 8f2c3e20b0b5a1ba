"""File names: legal on every disk, never alike, readable where that is safe."""

import re

import pytest

from auditor.report.names import finding_name, page_name, rule_name, slug

LEGAL = re.compile(r"[a-z0-9][a-z0-9.-]*")


@pytest.mark.parametrize(
    "identity", ["A/1", "../../etc/passwd", "con", "", "甲〔2024〕1号", "a" * 400, 'x<y>|:*?"', ".", "\n"]
)
def test_any_id_makes_a_legal_name(identity: str) -> None:
    name = slug("cases", identity)
    assert LEGAL.fullmatch(name) and len(name) <= 60 and ".." not in name and name.split(".")[0] not in ("con", "nul")


def test_ids_that_fold_to_one_word_stay_apart() -> None:
    names = [slug("cases", identity) for identity in ("A-1", "a-1", "A/1", "A 1", "Ａ-1")]
    assert len({name.casefold() for name in names}) == 5


def test_the_same_id_in_two_tables_is_two_names() -> None:
    assert slug("cases", "1") != slug("measures", "1")


def test_a_name_keeps_nothing_readable_of_an_id_that_holds_a_secret() -> None:
    assert "d12345" not in slug("cases", "2024-辽D12345", secrets=["辽D12345"])


def test_a_rule_is_found_under_its_own_id() -> None:
    assert rule_name("profit.max-fine-rate") == "profit.max-fine-rate"


@pytest.mark.parametrize("rule_id", ["a.b-2", "con.x", "Upper.Case", "../x", "x", "rule<script>"])
def test_a_rule_id_that_could_clash_or_harm_gets_a_slug(rule_id: str) -> None:
    assert rule_name(rule_id) != rule_id and LEGAL.fullmatch(rule_name(rule_id))


def test_findings_and_pages() -> None:
    assert finding_name("0123456789abcdef0123") == "0123456789abcdef0123"
    assert finding_name("<script>") != "<script>"
    assert page_name("x") == "x.html"
