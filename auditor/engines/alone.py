"""One reading of a table for a rule that joins or asks other tables: its counts, what can be drawn, and where its rows
to be told of are, so that its verdict is worked out for all rows once and for those few again.
"""

from sqlglot import exp

from auditor.engines import picture
from auditor.engines import slices as counts
from auditor.engines.asked import Asked
from auditor.engines.base import Session
from auditor.engines.compiler import ROWS
from auditor.engines.places import PLACE, Places, asked_by, place_of
from auditor.engines.scan import Scan
from auditor.engines.slices import from_one_reading, grouped, listing, month_of
from auditor.kinds import sql

_GROUPS, _PLACES = "counted_alone", "places"


def by_the_row(asked: Asked) -> bool:
    """Whether the verdict on a row is the same whichever other rows of its table are there: nothing is worked out over
    the rows around it, and none is there only for the sake of others."""
    judgement, query, table = asked.query.judgement, asked.query, asked.rule.scope.table
    if judgement is None or judgement.company is not None or judgement.looks_back or table.derived:
        return False
    if query.outputs["in_period"] != exp.true():
        return False
    values = [judgement.violation, *judgement.facts.values(), *query.outputs.values()]
    values += [value for stage in judgement.stages for value in stage.columns.values()]
    values += [joined.on for stage in judgement.stages for joined in stage.joins]
    maybe = (judgement.reported, judgement.level, judgement.value, judgement.anchor, judgement.moment)
    values += [value for value in maybe if value is not None]
    return not any(value.find(exp.Window) for value in values)


def scan_alone(number: int, asked: Asked, session: Session) -> Scan:
    """The rule goes by `number`; its judgement is `by_the_row`."""
    judgement, rule_id = asked.query.judgement, asked.rule.rule_id
    if judgement is None:
        raise TypeError("a row kind has a judgement")
    unit, month, verdict, units = (sql.column(name) for name in ("unit_id", "month", "verdict", "units"))
    values = {"month": month_of(sql.column("at"))}
    questions = [grouped([unit, month, verdict], lump=False)]
    if judgement.measured:
        values["units"] = picture.near(sql.column("value"))
        questions.append(grouped([verdict, units], lump=True))
    questions.append(listing(sql.column(PLACE), _PLACES, sql.column("reported"), [sql.column("reported")]))
    rows = sql.select_named(values, unit, verdict, sql.column("reported"), sql.column(PLACE))
    rows = rows.from_(_with_places(asked).subquery("j", copy=False), copy=False)
    session.keep(_GROUPS, from_one_reading(rows, questions))
    keys = ("unit_id", "month", "verdict", *(("units",) if judgement.measured else ()))
    counted = exp.select(*(sql.column(name) for name in (*keys, "n", "lump"))).from_(_GROUPS)
    found = session.rows(counted.where(sql.is_known(sql.column("lump"))))
    slices = counts.of_rows(row for row in found if not row["lump"])
    drawn = picture.of_counts(judgement, counts.values_of(found)) if judgement.measured else None
    places: Places | None = None
    if any(verdicts["violation"] for verdicts in slices.values()):
        asked_for = exp.alias_(exp.true(), asked_by(number))
        each = exp.select(exp.alias_(exp.Explode(this=sql.column(_PLACES)), PLACE), asked_for).from_(_GROUPS)
        places = Places(answer=session.answer(each), asked={number: asked})
    return Scan(slices={rule_id: slices}, drawn={} if drawn is None else {rule_id: drawn}, places=places)


def _with_places(asked: Asked) -> exp.Select:
    """The judged rows with the place of each."""
    judged = asked.query.judged.copy()
    [rows] = [cte.this for cte in judged.args["with_"].expressions if cte.alias == ROWS]
    rows.select(exp.alias_(place_of(asked.rule.scope.table), PLACE), copy=False)
    return judged
