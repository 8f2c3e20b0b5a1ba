"""Counts of verdicts as the result of a rule: clean is only said of something tested."""

from collections.abc import Mapping

from auditor.core.result import RuleResult
from auditor.core.text import Text
from auditor.rulebook import Rule


def outcome(rule: Rule, counts: Mapping[str, int], findings: int, grain: str = "row") -> RuleResult:
    tested = counts["ok"] + counts["violation"]
    reason = None
    if tested == 0:
        unknown, skipped = counts["unknown"], counts["skipped"]
        reason = Text(
            zh=f"没有可检查的记录（无法判断 {unknown}，不适用 {skipped}）",
            en=f"nothing could be tested ({unknown} unknown, {skipped} skipped)",
        )
    return RuleResult(
        rule_id=rule.rule_id,
        result="flagged" if findings else "clean" if tested else "not_applicable",
        reason=reason,
        tested=tested,
        ok=counts["ok"],
        violation=counts["violation"],
        unknown=counts["unknown"],
        skipped=counts["skipped"],
        findings=findings,
        grain=grain,
    )
