"""A finding worked out: its sentence, its sum, the article of the day, what may excuse it, and every source row."""

from dataclasses import dataclass

from auditor.core.fact import Fact
from auditor.core.finding import Evidence, Finding
from auditor.core.masks import Secrets, described
from auditor.core.result import RuleCard
from auditor.core.text import Text
from auditor.report.articles import Cited, cite
from auditor.report.book import Book
from auditor.report.conditions import Answer, answers
from auditor.report.labels import table_word
from auditor.report.lines import Line, line
from auditor.report.names import finding_name
from auditor.report.numbers import count, quantity
from auditor.report.rule_page import act_day
from auditor.report.sheet import Entry

ROWS_SHOWN = 200

_ROLE = {"subject": Text(zh="被判断的记录", en="judged row")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A source row that a finding rests on."""

    role: Text
    table: Text
    key: str
    file: str
    number: str
    href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A finding worked out: `cited` are the articles in force on the day of the act, `others` those that were not."""

    line: Line
    card: RuleCard
    anchor: str
    arithmetic: tuple[Text, ...]
    conditions: tuple[Answer, ...]
    facts: tuple[Entry, ...]
    day: str
    cited: tuple[Cited, ...]
    others: tuple[Cited, ...]
    rows: tuple[Row, ...]
    rows_total: str
    statistics: tuple[Entry, ...]
    fingerprint: str | None


def tell(book: Book, finding: Finding, secrets: Secrets) -> Told:
    card = book.card(finding)
    secrets = tuple(dict.fromkeys((*secrets, *book.secrets(finding))))
    cited = cite(card.basis, [act_day(book, finding)])
    evidence = book.evidence.get(finding.finding_id, [])
    return Told(
        line=line(book, finding),
        card=card,
        anchor=f"f-{finding_name(finding.finding_id)}",
        arithmetic=tuple(book.masks.sentence(step, finding, secrets) for step in card.arithmetic),
        conditions=answers(card, finding, evidence, book.record, book.masks, secrets),
        facts=tuple(
            Entry(label=_fact_label(fact, card), value=book.masks.fact(fact, secrets)) for fact in finding.facts
        ),
        day=act_day(book, finding).isoformat(),
        cited=tuple(one for one in cited if one.in_force),
        others=tuple(one for one in cited if not one.in_force),
        rows=tuple(row(book, one, secrets) for one in evidence[:ROWS_SHOWN]) if book.has_cases(finding) else (),
        rows_total=count(len(evidence)),
        statistics=_statistics(finding),
        fingerprint=None if book.masks.masked else finding.fingerprint,
    )


def row(book: Book, one: Evidence, secrets: Secrets) -> Row:
    return Row(
        role=_ROLE.get(one.role, Text(one.role, one.role)),
        table=table_word(one.table_name),
        key=book.masks.scrub(one.row_key, secrets),
        file=one.source_file,
        number=str(one.source_row),
        href=book.case_href(book.case_key(one)) if one.role == "subject" else None,
    )


def _fact_label(fact: Fact, card: RuleCard) -> Text:
    """The column's label, else what the rule calls the fact."""
    table, _, bare = (fact.column or "").rpartition(".")
    known = described(table, bare) if table else None
    return known.label if known else card.facts.get(fact.name, Text(fact.name, fact.name.replace("_", " ")))


def _statistics(finding: Finding) -> tuple[Entry, ...]:
    """The figures of a statistical finding; its interval is that of the excess."""
    if finding.value is None or finding.expected is None:
        return ()
    shares = 0 <= finding.value <= 1 and 0 <= finding.expected <= 1
    excess = finding.value - finding.expected
    lines = [
        (Text(zh="观察值", en="observed"), _figure(finding.value, shares)),
        (Text(zh="同类案件期望值", en="expected of like cases"), _figure(finding.expected, shares)),
        (Text(zh="超出", en="excess"), _figure(excess, shares)),
    ]
    if finding.lower is not None and finding.upper is not None:
        interval = f"{_figure(finding.lower, shares)} – {_figure(finding.upper, shares)}"
        lines.append((Text(zh="超出的区间（95%）", en="interval of the excess (95 %)"), interval))
    lines += [
        (Text(zh="p 值", en="p"), quantity(finding.p_value)),
        (Text(zh="q 值(错误发现率)", en="q (false discovery rate)"), quantity(finding.q_value)),
        (Text(zh="所依据案件数", en="cases it rests on"), count(finding.n_cases)),
    ]
    return tuple(Entry(label=label, value=Text(figure, figure)) for label, figure in lines)


def _figure(value: float, is_share: bool) -> str:
    return f"{100 * value:.1f} %" if is_share else quantity(value)
