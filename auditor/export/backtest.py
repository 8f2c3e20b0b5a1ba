"""A backtest as one JSON document for machines; masked, as all that is made to be shown."""

import json
from typing import Any

from auditor.core.backtest import Backtest, Comparison, MonthCount, MonthShift, Moved, Shift, Tried, UnitCount
from auditor.core.text import Text
from auditor.export.json_ import input_file

FORM = "auditor-backtest/1"


def render(result: Backtest) -> str:
    """The document, ending in a line break; keys stand in reading order, equal backtests give equal bytes."""
    card = result.tried.card
    document: dict[str, Any] = {
        "form": FORM,
        "masked": True,
        "rule_id": card.rule_id,
        "title": card.title.to_dict(),
        "level": card.level,
        "certainty": card.certainty,
        "status": card.status,
        "data": {
            "first": result.first.isoformat(),
            "last": result.last.isoformat(),
            "inputs": [input_file(file) for file in result.inputs],
            "contract": [
                {"table": fault.table_name, "check": fault.check, "text": fault.text.to_dict()}
                for fault in result.contract
            ],
        },
        "months_asked": result.asked,
        "months": list(result.months),
        "tried": _tried(result.tried),
    }
    if result.varied is not None:
        document["varied"] = {
            "parameter": result.varied,
            "values": [{"value": one.value, "as_set": one.as_set, "tried": _tried(one.tried)} for one in result.values],
        }
    if result.comparison is not None:
        document["against"] = _comparison(result.comparison)
    document["unit_names"] = dict(sorted(result.units.items()))
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _tried(tried: Tried) -> dict[str, Any]:
    return {
        "source": tried.card.source,
        "sha256": tried.sha256,
        "parameters": {parameter.name: parameter.value for parameter in tried.card.parameters},
        "lacks": _text(tried.lacks),
        "grain": tried.grain,
        "tested": tried.tested,
        "flagged": tried.flagged,
        "unknown": tried.unknown,
        "findings": tried.findings,
        "units": [_unit(unit) for unit in tried.units],
        "months": [_month(month) for month in tried.months],
    }


def _month(month: MonthCount) -> dict[str, Any]:
    return {
        "month": month.month,
        "result": month.result,
        "reason": _text(month.reason),
        "tested": month.tested,
        "flagged": month.flagged,
        "unknown": month.unknown,
        "findings": month.findings,
        "units": [_unit(unit) for unit in month.units],
    }


def _unit(unit: UnitCount) -> dict[str, Any]:
    return {
        "unit_id": unit.unit_id,
        "tested": unit.tested,
        "flagged": unit.flagged,
        "unknown": unit.unknown,
        "findings": unit.findings,
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "before": _tried(comparison.before),
        "months": [_month_shift(month) for month in comparison.months],
        "units": [_shift(unit) for unit in comparison.units],
        "newly_flagged": [_moved(one) for one in comparison.newly],
        "no_longer_flagged": [_moved(one) for one in comparison.gone],
        "unchanged": [_moved(one) for one in comparison.unchanged],
    }


def _month_shift(month: MonthShift) -> dict[str, Any]:
    """What was not compared has no numbers: a 0 would say that nothing moved."""
    if not month.compared:
        return {"month": month.month, "compared": False}
    return {
        "month": month.month,
        "compared": True,
        "newly_flagged": month.newly,
        "no_longer_flagged": month.gone,
        "unchanged": month.unchanged,
        "units": [_shift(unit) for unit in month.units],
    }


def _shift(unit: Shift) -> dict[str, Any]:
    return {
        "unit_id": unit.unit_id,
        "newly_flagged": unit.newly,
        "no_longer_flagged": unit.gone,
        "unchanged": unit.unchanged,
    }


def _moved(one: Moved) -> dict[str, Any]:
    return {
        "finding_id": one.finding_id,
        "unit_id": one.unit_id,
        "level": one.level,
        "subject_type": one.subject_type,
        "subject": one.subject,
        "message": one.sentence.to_dict(),
        "months": list(one.months),
        "months_before": list(one.months_before),
    }


def _text(text: Text | None) -> dict[str, str] | None:
    return text.to_dict() if text else None
