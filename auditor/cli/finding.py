"""A finding in full on a screen: facts, arithmetic, article, SQL, every source row; masked unless asked otherwise."""

import json
from typing import Any

from auditor.cli.card import article_lines
from auditor.core.errors import UsageError
from auditor.core.finding import Evidence, Finding, Record
from auditor.core.problem import Problem, did_you_mean
from auditor.core.result import Article, RuleCard, Run
from auditor.core.since import periods
from auditor.core.text import Language, Text
from auditor.export.said import Said
from auditor.report.conditions import ROLE, Answer, answers
from auditor.report.fact_labels import column_label, fact_label, plain_label
from auditor.report.labels import CERTAINTY, LEVEL, STATE


def find(run: Run, written: str) -> Finding:
    """The finding of that id, or the only one whose id begins so; raises UsageError naming the candidates."""
    found = [one for one in run.findings if one.finding_id.startswith(written.lower())] if written else []
    if len(found) == 1:
        return found[0]
    if found:
        some = ", ".join(sorted(one.finding_id for one in found)[:5])
        raise UsageError(Problem(f"{len(found)} findings begin with {written!r}", hint=f"give more of it: {some}"))
    hint = did_you_mean(written, [one.finding_id for one in run.findings])
    raise UsageError(Problem(f"there is no finding {written!r} in this run", hint=hint))


def in_force(card: RuleCard, finding: Finding) -> tuple[Article, ...]:
    """The articles in force on the day of the act; all of them where that day is not known."""
    if finding.first_at is None:
        return card.basis
    day = finding.first_at.date()
    return tuple(
        article
        for article in card.basis
        if (article.from_ is None or article.from_ <= day) and (article.until is None or day <= article.until)
    )


def _card(run: Run, finding: Finding) -> RuleCard | None:
    """The rule; of a carried finding, as it was when it was made where this run has it no more."""
    return next((card for card in (*run.cards, *run.former_cards) if card.rule_id == finding.rule_id), None)


def finding_lines(run: Run, finding: Finding, said: Said, language: Language) -> list[str]:
    def word(zh: str, en: str) -> str:
        return Text(zh=zh, en=en).in_(language)

    card = _card(run, finding)
    secrets = said.secrets(finding)
    lines = [
        said.sentence(finding).in_(language),
        f"  {finding.finding_id} · {finding.rule_id} · {LEVEL[finding.level].word.in_(language)} · "
        f"{CERTAINTY[finding.certainty].word.in_(language)} · {finding.subject_type} {said.subject(finding)}",
    ]
    if run.chain:
        found = ", ".join(periods(run).get(finding.finding_id, ()))
        state = STATE[finding.state].in_(language)
        lines.append("  " + word(f"{state}（发现于 {found}）", f"{state} (found in {found})"))
        if finding.state_reason is not None:
            lines.append("  " + finding.state_reason.in_(language))
    if finding.certainty == "lead":
        lines.append("  " + word("线索不等于违法，须核查后认定", "a lead is not a violation: it must be looked into"))
    lines.append(word("事实", "Facts"))
    for fact in finding.facts:
        lines.append(f"  {fact_label(fact, card).in_(language)}: {said.masks.fact(fact, secrets).in_(language)}")
    if card and card.arithmetic:
        lines.append(word("计算", "Arithmetic"))
        lines += [f"  {said.masks.sentence(step, finding, secrets).in_(language)}" for step in card.arithmetic]
    if card:
        lines += _condition_lines(answered(run, card, finding, said), language)
    if card:
        lines.append(word("依据", "Grounds"))
        lines += [f"  {line}" for article in in_force(card, finding) for line in article_lines(article, language)]
    lines.append(word("原始记录", "Source rows"))
    for place, record in rows_of(run, finding):
        lines.append(f"  {place.source_file}:{place.source_row} ({place.table_name}, {place.role})")
        lines += [
            f"    {(column_label(f'{place.table_name}.{name}') or plain_label(name)).in_(language)}: "
            f"{said.masks.cell(place.table_name, name, value, secrets).in_(language)}"
            for name, value in (record.values.items() if record else ())
        ]
    if card and card.sql:
        lines += ["SQL", *(f"  {line}" for line in card.sql.splitlines())]
    return lines


def finding_json(run: Run, finding: Finding, said: Said) -> str:
    """The same for machines; values as printed in English."""
    card = _card(run, finding)
    secrets = said.secrets(finding)
    rows: list[dict[str, Any]] = [
        {
            "table": place.table_name,
            "role": place.role,
            "file": place.source_file,
            "row": place.source_row,
            "values": {
                name: said.masks.cell(place.table_name, name, value, secrets).en
                for name, value in (record.values.items() if record else ())
            },
        }
        for place, record in rows_of(run, finding)
    ]
    document = {
        "finding_id": finding.finding_id,
        "rule_id": finding.rule_id,
        "level": finding.level,
        "certainty": finding.certainty,
        "subject_type": finding.subject_type,
        "subject_id": said.subject(finding),
        "state": finding.state,
        "state_reason": finding.state_reason.to_dict() if finding.state_reason else None,
        "periods": list(periods(run).get(finding.finding_id, ())),
        "message": said.sentence(finding).to_dict(),
        "facts": {fact.name: said.masks.fact(fact, secrets).en for fact in finding.facts},
        "arithmetic": [
            said.masks.sentence(step, finding, secrets).to_dict() for step in (card.arithmetic if card else ())
        ],
        "conditions": [
            {
                "text": answer.text.to_dict(),
                "role": answer.role,
                "branch": answer.branch,
                "met": answer.met,
                "values": {entry.label.en: entry.value.en for entry in answer.values},
                "blank": answer.blank.to_dict() if answer.blank else None,
            }
            for answer in (answered(run, card, finding, said) if card else ())
        ],
        "articles": [f"{one.law} {one.article}" for one in (in_force(card, finding) if card else ())],
        "sql": card.sql if card else None,
        "rows": rows,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def answered(run: Run, card: RuleCard, finding: Finding, said: Said) -> tuple[Answer, ...]:
    """The finding's conditions, each with its answer and what is recorded of it."""
    rows = {(row.role, row.source_file, row.source_row): (row, record) for row, record in rows_of(run, finding)}
    return answers(
        card,
        finding,
        [row for row, _ in rows.values()],
        lambda row: rows[row.role, row.source_file, row.source_row][1],
        said.masks,
        said.secrets(finding),
    )


def _condition_lines(found: tuple[Answer, ...], language: Language) -> list[str]:
    """By what they are asked for: first the kind of case, then the problem, then what else bears on it."""
    lines: list[str] = []
    for role, title in ROLE.items():
        of_role = [answer for answer in found if answer.role == role]
        if of_role:
            lines.append(title.in_(language))
        for answer in of_role:
            margin = "      " if answer.branch else "  "
            lines.append(f"{margin}{answer.sign} {answer.text.in_(language)}")
            lines += [
                f"{margin}    {entry.label.in_(language)}: {entry.value.in_(language)}" for entry in answer.values
            ]
            if answer.blank is not None:
                lines.append(f"{margin}    ({answer.blank.in_(language)})")
    return lines


def rows_of(run: Run, finding: Finding) -> list[tuple[Evidence, Record | None]]:
    """Every source row of the finding, the judged ones first, with what it said where the run kept it."""
    kept = {(row.table_name, row.row_key, row.source_file, row.source_row): row for row in run.records}
    own = [row for row in run.evidence if row.finding_id == finding.finding_id]
    own.sort(key=lambda row: (row.role != "subject", row.role, row.source_file, row.source_row))
    return [(row, kept.get((row.table_name, row.row_key, row.source_file, row.source_row))) for row in own]
