"""What a run came to, on a screen: how much was tested, what was flagged, and what was not looked at and why."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from auditor.cli.console import console, table
from auditor.core.finding import LEVELS, Certainty
from auditor.core.result import RuleCard, RuleResult, Run
from auditor.core.schema import tables
from auditor.core.since import Since
from auditor.core.text import Language, Text
from auditor.export.gate import Verdict
from auditor.export.summary import NotRun, Summary, summarise
from auditor.report.labels import LEVEL, RESULT, STATE
from auditor.report.numbers import share
from auditor.report.tally import grain_word

_SIDES: dict[Certainty, Text] = {
    "violation": Text(zh="违反规定", en="Violations"),
    "lead": Text(zh="线索（不等于违法，须核查）", en="Leads (to be looked into, not violations)"),
}
_FEW = 20
"""Rules not run that are listed one by one; of more, the terminal says what they wait for, and the report each."""
_HEAD = ("", Text(zh="规则", en="rule"), Text(zh="名称", en="title"), Text(zh="发现", en="findings"))
_COUNTS = (Text(zh="已检", en="tested"), Text(zh="标出", en="flagged"), Text(zh="无法判断", en="unknown"))


def print_summary(run: Run, language: Language, *, report: Path | None = None) -> None:
    """The headline, then rules with findings (violations first, gravest first), then all that nobody could judge."""
    summary, out = summarise(run), console()

    def say(text: Text) -> None:
        out.print(text.in_(language))

    until = run.as_of.isoformat()
    say(Text(zh=f"审计期间 {run.period.label}，事实截至 {until}", en=f"Period {run.period.label}, facts up to {until}"))
    for note in run.chain_notes:
        say(Text(zh=f"比对须知：{note.zh}", en=f"Note on what is compared: {note.en}"))
    for fault in run.contract:
        say(Text(zh=f"数据台账问题：{fault.text.zh}", en=f"Fault of a whole table: {fault.text.en}"))
    for line in _headline(summary):
        say(line)
    for certainty in ("violation", "lead"):
        _print_rules(run, summary, certainty, language)
    if summary.trial_findings:
        say(
            Text(
                zh=f"试行规则另有 {summary.trial_findings} 项发现，未计入上述数字",
                en=f"Rules on trial: {summary.trial_findings} more, in none of the numbers above",
            )
        )
    if summary.waived:
        say(Text(zh=f"已豁免 {summary.waived} 项", en=f"Waived: {summary.waived}"))
    if summary.not_run:
        say(Text(zh=f"未运行的规则 {len(summary.not_run)} 条：", en=f"{len(summary.not_run)} rules not run:"))
        _print_not_run(summary.not_run, language)
    if summary.quarantined:
        say(
            Text(
                zh=f"数据：读入 {summary.read:,} 行，{summary.quarantined:,} 行无法使用，已隔离",
                en=f"Data: {summary.read:,} rows read, {summary.quarantined:,} of them could not be used",
            )
        )
    if report:
        say(Text(zh=f"报告：{report.as_posix()}", en=f"Report: {report.as_posix()}"))


def print_gate(verdict: Verdict, language: Language) -> None:
    """Whether the gate holds, and what broke it."""
    level = LEVEL[verdict.level].word
    broken = [
        (verdict.errors, Text(zh=f"{len(verdict.errors)} 条规则出错", en=f"{len(verdict.errors)} rules in error")),
        (
            verdict.findings,
            Text(
                zh=f"{len(verdict.findings)} 项发现达到“{level.zh}”",
                en=f"{len(verdict.findings)} findings at or above {level.en}",
            ),
        ),
        (
            verdict.broken_contract,
            Text(
                zh=f"数据约定有 {verdict.broken_contract} 处不符",
                en=f"the extract breaks its contract in {verdict.broken_contract} places",
            ),
        ),
    ]
    reasons = [text.in_(language) for what, text in broken if what]
    since = Text("", "")
    if verdict.since is not None:
        since = Text(
            zh=f"（只计 {verdict.since} 之后新发现和重新出现的；原已存在 {verdict.standing} 项）",
            en=f" (new or reopened since {verdict.since}; {verdict.standing} stood there before)",
        )
    passed = Text(zh=f"门槛“{level.zh}”{since.zh}：通过", en=f"Gate {level.en}{since.en}: passed")
    failed = Text(zh=f"门槛“{level.zh}”{since.zh}：未通过：", en=f"Gate {level.en}{since.en}: failed: ")
    joined = ("；" if language == "zh" else "; ").join(reasons)
    console().print(failed.in_(language) + joined if reasons else passed.in_(language))


def _headline(summary: Summary) -> list[Text]:
    """One line a grain: officers are never added to rows."""
    lines: list[Text] = []
    not_run = len(summary.not_run)
    for part in summary.tested:
        flagged, grain = share(part.flagged, part.tested), grain_word(part.grain)
        lines.append(
            Text(
                zh=f"已检 {part.tested:,} {grain.zh} · 标出 {part.flagged:,}（{flagged}）· 无法判断 {part.unknown:,}"
                f" · 规则 {part.rules} 条",
                en=f"tested {part.tested:,} {grain.en} · flagged {part.flagged:,} ({flagged}) · unknown "
                f"{part.unknown:,} · by {part.rules} rule{'' if part.rules == 1 else 's'}",
            )
        )
    if not_run:
        lines.append(Text(zh=f"{not_run} 条规则未运行（原因见下）", en=f"{not_run} rules not run (why: below)"))
    return lines


def _since(since: Since, certainty: Certainty) -> Text:
    counts = since.counts[certainty]
    return Text(
        zh=f"与 {since.period} 相比：" + " · ".join(f"{STATE[state].zh} {n:,}" for state, n in counts.items()),
        en=f"since {since.period}: " + " · ".join(f"{STATE[state].en} {n:,}" for state, n in counts.items()),
    )


def _print_rules(run: Run, summary: Summary, certainty: Certainty, language: Language) -> None:
    levels, out = summary.levels[certainty], console()
    counts = "，" if language == "zh" else ", "
    said = counts.join(f"{LEVEL[level].word.in_(language)} {count:,}" for level, count in levels.items())
    out.print()
    out.print(f"{_SIDES[certainty].in_(language)}  {sum(levels.values()):,}" + (f"  ({said})" if said else ""))
    if summary.since is not None:
        out.print(f"  {_since(summary.since, certainty).in_(language)}")
    results = {result.rule_id: result for result in run.results}
    flagged = [
        (card, results[card.rule_id])
        for card in sorted(run.cards, key=lambda card: (LEVELS.index(card.level), card.rule_id))
        if card.certainty == certainty and card.status == "active" and card.rule_id in results
    ]
    shown = [(card, result) for card, result in flagged if result.result == "flagged"]
    if not shown:
        return
    rows = table(
        *(word.in_(language) if isinstance(word, Text) else word for word in (*_HEAD, *_COUNTS)),
        numbers=(3, 4, 5, 6),
        indent=2,
    )
    for card, result in shown:
        rows.add_row(*_row(card, result, language))
    out.print(rows)


def _print_not_run(rules: Sequence[NotRun], language: Language) -> None:
    """One by one where they are few; of many, those for want of data by the table that would let them run."""
    out = console()
    waiting = [rule for rule in rules if rule.lacks] if len(rules) > _FEW else []
    for rule in rules:
        if rule not in waiting:
            reason = rule.reason.in_(language) if rule.reason else ""
            out.print(f"  {rule.rule_id}  {RESULT[rule.result].word.in_(language)}  {reason}".rstrip())
    wanted = Counter(name.partition(".")[0] for rule in waiting for name in set(rule.lacks) if "." not in name)
    for name, count in sorted(wanted.items(), key=lambda item: (-item[1], item[0])):
        label = tables()[name].label
        said = Text(
            zh=f"没有提供表“{label.zh}”（{name}）：{count} 条规则需要它",
            en=f"table {name} was not provided; rules that need it: {count}",
        )
        out.print(f"  {said.in_(language)}")
    columns = [rule for rule in waiting if all("." in name for name in rule.lacks)]
    if columns:
        said = Text(
            zh=f"所提供的表字段不全：{len(columns)} 条规则因此没有运行，缺什么见报告",
            en=f"columns are missing in tables that were provided: {len(columns)} rules; the report says which",
        )
        out.print(f"  {said.in_(language)}")


def _row(card: RuleCard, result: RuleResult, language: Language) -> tuple[str, ...]:
    return (
        f"  {LEVEL[card.level].word.in_(language)}",
        card.rule_id,
        card.title.in_(language),
        f"{result.findings:,}",
        f"{result.tested:,}",
        f"{result.violation:,} ({share(result.violation, result.tested)})",
        f"{result.unknown:,}",
    )
