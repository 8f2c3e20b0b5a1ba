"""The sheets beside the lists of findings: units with their denominators, rules, and the items of the plan."""

from collections import Counter

from auditor.core.finding import LEVELS
from auditor.core.office_ledger import Cell, Column, Form, Table
from auditor.core.text import Language, Text
from auditor.report.book import Book, counts_now
from auditor.report.counts import checks, open_findings, slices
from auditor.report.coverage import chapters, covered
from auditor.report.labels import CERTAINTY, LEVEL, RESULT, STATUS
from auditor.report.tally import grain_word, result_kind


def _column(zh: str, en: str, *, width: int = 10, form: Form = "whole") -> Column:
    return Column(head=Text(zh, en), means=Text("", ""), width=width, form=form)


def units(book: Book, language: Language) -> Table:
    """Every unit that is registered, counted or flagged, with row checks and findings apart by certainty."""
    columns = [
        _column("单位", "Unit", width=24, form="text"),
        _column("单位编号", "Unit id", width=14, form="text"),
        _column("受检行次", "Rows tested"),
        _column("命中行次", "Rows flagged"),
        _column("占受检", "Of tested", form="share"),
        _column("无法判断", "Unknown"),
        _column("违规发现", "Violations"),
        *(_column(f"其中{LEVEL[level].word.zh}", f"of these {LEVEL[level].word.en}") for level in LEVELS),
        _column("涉及案件", "Cases"),
        _column("线索", "Leads"),
        _column("试行规则发现", "On trial"),
    ]
    counted = slices(book, "violation")
    violations, leads = open_findings(book, "violation"), open_findings(book, "lead")
    known: set[str | None] = {*book.run.units, *book.by_unit, *(one.unit_id for one in counted)}
    rows: list[tuple[Cell, ...]] = []
    for unit in sorted(known, key=lambda unit: (unit is None, unit or "")):
        looked = checks(counted, lambda one, unit=unit: one.unit_id == unit)
        here = [one for one in violations if one.unit_id == unit]
        on_trial = sum(book.on_trial(one) and counts_now(one) for one in book.by_unit.get(unit, []))
        rows.append(
            (
                book.unit_name(unit).in_(language),
                unit or "",
                *((looked.tested, looked.flagged, _share(looked.flagged, looked.tested)) if looked else (None,) * 3),
                looked.unknown if looked else None,
                len(here),
                *(sum(one.level == level for one in here) for level in LEVELS),
                len({key for one in here for key in book.case_keys(one)}),
                sum(one.unit_id == unit for one in leads),
                on_trial,
            )
        )
    return Table(
        name=Text(zh="单位汇总", en="Units"),
        note=Text(
            zh="受检与命中为“违反规定”类规则的行次：同一记录被几条规则检查就计几次。空白表示没有按单位计数。"
            "违规发现与线索分列，不得相加。",
            en="Rows tested and flagged are row checks by rules that prove violations: a row counts once for each rule "
            "that tested it. Blank: nobody counted by unit. Violations and leads stand apart and are never added.",
        ),
        columns=tuple(columns),
        rows=tuple(rows),
    )


def rules(book: Book, language: Language) -> Table:
    """Every rule with how it went, what may excuse what it finds, and how to verify it."""
    columns = (
        _column("规则", "Rule", width=30, form="text"),
        _column("规则编号", "Rule id", width=26, form="text"),
        _column("性质", "Kind", width=9, form="text"),
        _column("程度", "Level", width=9, form="text"),
        _column("状态", "Status", width=9, form="text"),
        _column("结果", "Result", width=11, form="text"),
        _column("计数单位", "Counted in", width=11, form="text"),
        _column("受检", "Tested"),
        _column("命中", "Flagged"),
        _column("占受检", "Of tested", form="share"),
        _column("无法判断", "Unknown"),
        _column("发现", "Findings"),
        _column("核查要点", "How to verify", width=44, form="text"),
        _column("可能的正当理由", "Innocent explanations", width=44, form="text"),
        _column("未运行的原因", "Why not run", width=36, form="text"),
    )
    rows: list[tuple[Cell, ...]] = []
    for card in sorted(
        book.run.cards, key=lambda card: (card.certainty == "lead", LEVELS.index(card.level), card.rule_id)
    ):
        result = book.results.get(card.rule_id)
        kind = result_kind(card, result)
        numbers: tuple[Cell, ...] = (None,) * 5
        if result is not None and kind not in ("error", "not_applicable"):
            found = sum(map(counts_now, book.by_rule[card.rule_id]))
            rate = _share(result.violation, result.tested)
            numbers = (result.tested, result.violation, rate, result.unknown, found)
        reason = result.reason if result else None
        rows.append(
            (
                card.title.in_(language),
                card.rule_id,
                CERTAINTY[card.certainty].word.in_(language),
                LEVEL[card.level].word.in_(language),
                STATUS[card.status].in_(language),
                RESULT[kind].word.in_(language),
                grain_word(result.grain).in_(language) if result else "",
                *numbers,
                "\n".join(text.in_(language) for text in card.verify),
                "\n".join(text.in_(language) for text in card.false_positives),
                book.scrubbed(reason).in_(language) if reason else "",
            )
        )
    return Table(
        name=Text(zh="规则", en="Rules"),
        note=Text(
            zh="没有运行的规则没有数字；没有检查不等于没有问题。",
            en="A rule that did not run has no figures. Not looked at does not mean in order.",
        ),
        columns=columns,
        rows=tuple(rows),
    )


def plan_items(book: Book, language: Language) -> Table:
    """All items of the plan with what was done about each in this run."""
    columns = (
        _column("章", "Chapter", width=22, form="text"),
        _column("事项", "Item", width=9, form="text"),
        _column("名称", "Title", width=44, form="text"),
        _column("首批", "First set", width=8, form="text"),
        _column("结果", "Result", width=14, form="text"),
        _column("部分未检查", "Partly not looked at", width=11, form="text"),
        _column("规则", "Rules", width=44, form="text"),
        _column("违规发现", "Violations"),
        _column("线索", "Leads"),
        _column("记录不能说明的", "What records cannot show", width=36, form="text"),
        _column("应当如何核查", "What to do instead", width=36, form="text"),
    )
    violations = Counter(item for one in open_findings(book, "violation") for item in one.covers)
    leads = Counter(item for one in open_findings(book, "lead") for item in one.covers)
    rows: list[tuple[Cell, ...]] = [
        (
            f"{chapter.code} {chapter.title.in_(language)}",
            one.item.item,
            one.item.title.in_(language),
            "●" if one.item.core else "",
            one.label.word.in_(language),
            ("是" if language == "zh" else "yes") if one.partly else "",
            "\n".join(f"{rule.card.title.in_(language)} ({rule.result.word.in_(language)})" for rule in one.rules),
            violations[one.item.item],
            leads[one.item.item],
            one.item.unseen.in_(language) if one.item.unseen else "",
            one.item.instead.in_(language) if one.item.instead else "",
        )
        for chapter in chapters(covered(book))
        for one in chapter.items
    ]
    return Table(
        name=Text(zh="整治事项", en="Plan items"),
        note=Text(
            zh="一项发现可以涉及几个事项，各事项的数字不能相加。“未见问题”只说明规则检查过且未命中。",
            en="A finding may belong to several items, so these figures do not add up. “Clean” only says that a rule "
            "looked and found nothing.",
        ),
        columns=columns,
        rows=tuple(rows),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
