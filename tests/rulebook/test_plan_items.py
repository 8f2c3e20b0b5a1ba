"""The plan's items: all 93 are there, under the chapters of the plan, and every rule covers items that exist."""

import re
from collections import Counter

import pytest

from auditor.core.places import shipped
from auditor.report.labels import SUBJECT
from auditor.rulebook import Rule, Rulebook, load
from auditor.rulebook.plan import read_plan

CHINESE = re.compile("[\u4e00-\u9fff]")
QUOTED = re.compile("“[^”]*”|{[^}]*}")
"""What may stand in Chinese in an English text: words quoted from a record, and fields."""

CHAPTERS = {"A1": 13, "A2": 14, "A3": 6, "A4": 9, "A5": 6, "A6": 5, "T": 30, "Y": 10}
"""How many items each chapter of the plan comes to."""

OWNERS_FIRST = {"A1-08", "A3-05", "A4-04", "T-12", "T-01"}
"""The items that were named to come first."""

MARKERS = {"complaint.names-a-case", "complaint.upheld", "case.in-dispute"}
"""What complaints and disputes leave behind for the rules over findings; they say nothing of an item by themselves."""


def of_an_item(rulebook: Rulebook) -> list[Rule]:
    """All rules but those of section four: bringing complaints and findings together belongs to no item of the 93."""
    return [rule for rule in rulebook.rules if rule.scope.table.name != "findings" and rule.rule_id not in MARKERS]


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load()


def test_the_plan_has_every_item_of_every_chapter_once_and_in_order(rulebook: Rulebook) -> None:
    expected = [f"{chapter}-{number:02d}" for chapter, count in CHAPTERS.items() for number in range(1, count + 1)]
    assert [item.item for item in rulebook.plan] == expected
    assert len(expected) == 93


def test_sixty_four_items_are_the_first_set(rulebook: Rulebook) -> None:
    core = [item.item for item in rulebook.plan if item.core]
    assert len(core) == 64
    assert set(core) >= OWNERS_FIRST
    assert Counter(item.partition("-")[0] for item in core) == {
        "A1": 13, "A2": 11, "A3": 5, "A4": 5, "A5": 5, "A6": 3, "T": 17, "Y": 5,
    }  # fmt: skip


def test_each_item_says_how_visible_and_how_grave_it_is(rulebook: Rulebook) -> None:
    for item in rulebook.plan:
        assert set(item.detectability.split("/")) <= {"D1", "D2", "D3", "D4", "D5"}, item.item
        assert set(item.severity.split("/")) <= {"S1", "S2", "S3", "S4"}, item.item
        assert item.title.zh and item.title.en, item.item


def test_an_item_that_records_cannot_show_says_what_to_do_instead(rulebook: Rulebook) -> None:
    unseen = {item.item for item in rulebook.plan if "D5" in item.detectability}
    assert unseen <= {item.item for item in rulebook.plan if item.unseen is not None and item.instead is not None}


def test_every_rule_covers_items_of_the_plan(rulebook: Rulebook) -> None:
    known = {item.item for item in rulebook.plan}
    for rule in of_an_item(rulebook):
        assert rule.covers, f"{rule.rule_id} covers nothing"
        assert set(rule.covers) <= known, rule.rule_id


def test_what_brings_leads_together_covers_no_item_and_lies_apart(rulebook: Rulebook) -> None:
    itemless = {rule.rule_id for rule in rulebook.rules} - {rule.rule_id for rule in of_an_item(rulebook)}
    assert itemless >= MARKERS
    assert {rule.rule_id for rule in rulebook.rules if not rule.covers} == itemless
    assert {rule.rule_id for rule in rulebook.rules if "/leads/" in f"/{rule.location.file}"} == itemless


def test_every_item_has_a_rule_or_says_what_to_do_instead(rulebook: Rulebook) -> None:
    covered = {item for rule in rulebook.rules if rule.status in ("active", "trial") for item in rule.covers}
    said = {item.item for item in rulebook.plan if item.unseen is not None and item.instead is not None}
    assert [item.item for item in rulebook.plan if item.item not in covered | said] == []


def test_what_an_entry_says_is_in_both_languages(rulebook: Rulebook) -> None:
    for item in rulebook.plan:
        for text in (item.unseen, item.instead):
            assert text is None or (text.zh and text.en), item.item


def test_the_items_named_first_are_covered_by_active_rules(rulebook: Rulebook) -> None:
    covered = {item for rule in rulebook.rules if rule.status == "active" for item in rule.covers}
    assert covered >= OWNERS_FIRST | {"A1-11", "A2-08", "A2-09", "A4-05", "A4-07", "A6-01", "A6-02", "A6-03"}


def test_a_rule_lies_in_the_folder_of_a_chapter_under_its_own_name(rulebook: Rulebook) -> None:
    folder_of = {
        "A1": "profit", "A2": "irregular", "A3": "rigid", "A4": "rough",
        "A5": "rent", "A6": "personnel", "T": "traffic", "Y": "transport",
    }  # fmt: skip
    for rule in of_an_item(rulebook):
        chapter = rule.covers[0].partition("-")[0]
        assert rule.location.file.endswith(f"{folder_of[chapter]}/{rule.rule_id}.yaml"), rule.rule_id


def test_every_article_is_marked_and_says_what_it_means(rulebook: Rulebook) -> None:
    for rule in rulebook.rules:
        for article in rule.basis:
            assert article.says is not None, f"{rule.rule_id}: {article.law} {article.article}"
            if article.mark == "P":
                assert "本项目" in article.says.zh and "project" in article.says.en, rule.rule_id
        assert any(article.mark == "V" for article in rule.basis), f"{rule.rule_id} rests on nothing read in full"


def test_every_text_of_a_rule_is_in_both_languages(rulebook: Rulebook) -> None:
    for rule in rulebook.rules:
        texts = [rule.title, rule.why, rule.message, *rule.false_positives, *rule.verify]
        texts += [article.says for article in rule.basis if article.says is not None]
        # What a figure of the law says of itself names that law, which has no English name.
        texts += [one.doc for one in rule.parameters if one.doc is not None and one.figure is None]
        assert rule.false_positives and rule.verify, rule.rule_id
        for text in texts:
            assert CHINESE.search(text.zh), f"{rule.rule_id}: {text.zh}"
            assert text.en and not CHINESE.search(QUOTED.sub("", text.en)), f"{rule.rule_id}: {text.en}"


def test_a_lead_says_that_it_is_one_and_accuses_nobody(rulebook: Rulebook) -> None:
    for rule in rulebook.rules:
        if rule.certainty == "lead":
            assert rule.message.zh.startswith("线索") and "违规" not in rule.message.zh, rule.rule_id
            assert rule.message.en.startswith("Lead"), rule.rule_id


def test_the_plan_file_reads_by_itself() -> None:
    assert len(read_plan(shipped("rules"))) == 93


def test_the_report_has_a_word_for_every_sort_of_subject(rulebook: Rulebook) -> None:
    assert {rule.subject.type for rule in rulebook.rules} <= set(SUBJECT)
