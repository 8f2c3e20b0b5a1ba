"""A finding worked out: its sentence, its sum, the article of the day, what may excuse it, and every source row."""

from dataclasses import dataclass

from auditor.core.finding import Evidence, Finding
from auditor.core.result import RuleCard
from auditor.core.text import Text
from auditor.report.articles import Cited, cite
from auditor.report.book import Book
from auditor.report.labels import table_word
from auditor.report.lines import Line, line
from auditor.report.masks import Secrets, described
from auditor.report.names import finding_name
from auditor.report.numbers import count, quantity
from auditor.report.rule_page import act_day
from auditor.report.sheet import Entry

ROWS_SHOWN = 200

_ROLE = {"subject": Text(zh="被判断的记录", en="judged row")}

_FACTS: dict[str, Text] = {
    "start": Text(zh="起算时间", en="from"),
    "finish": Text(zh="完成时间", en="done"),
    "due": Text(zh="期限届满", en="due"),
    "overdue": Text(zh="逾期", en="late by"),
    "limit": Text(zh="法定期限", en="limit"),
    "as_of": Text(zh="统计截止日", en="as of"),
    "events": Text(zh="次数", en="events"),
    "span": Text(zh="跨度", en="span"),
    "observed": Text(zh="观察值", en="observed"),
    "expected": Text(zh="期望值", en="expected"),
    "excess": Text(zh="超出", en="excess"),
    "rank": Text(zh="排序", en="rank"),
}


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
        facts=tuple(
            Entry(label=_fact_label(fact.name, fact.column), value=book.masks.fact(fact, secrets))
            for fact in finding.facts
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


def _fact_label(name: str, column: str | None) -> Text:
    table, _, bare = (column or "").rpartition(".")
    known = described(table, bare) if table else None
    return known.label if known else _FACTS.get(name, Text(name, name.replace("_", " ")))


def _statistics(finding: Finding) -> tuple[Entry, ...]:
    """The figures of a statistical finding. Whether the interval is of the value or of the excess is told by which of
    the two it holds."""
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
        of_value = finding.lower <= finding.value <= finding.upper
        interval = f"{_figure(finding.lower, shares)} – {_figure(finding.upper, shares)}"
        label = (
            Text(zh="观察值的区间", en="interval of the observed")
            if of_value
            else Text(zh="超出的区间", en="interval of the excess")
        )
        lines.append((label, interval))
    lines += [
        (Text(zh="p 值", en="p"), quantity(finding.p_value)),
        (Text(zh="q 值(错误发现率)", en="q (false discovery rate)"), quantity(finding.q_value)),
        (Text(zh="所依据案件数", en="cases it rests on"), count(finding.n_cases)),
    ]
    return tuple(Entry(label=label, value=Text(figure, figure)) for label, figure in lines)


def _figure(value: float, is_share: bool) -> str:
    return f"{100 * value:.1f} %" if is_share else quantity(value)
