"""A group kind judged: what is counted goes to its statistics, and the rows of whoever stands out come back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from auditor.core.finding import Evidence, Finding
from auditor.core.picture import Picture
from auditor.core.result import Period
from auditor.core.text import Text
from auditor.engines import conditions, picture
from auditor.engines.asked import Asked
from auditor.engines.base import Answer, Session
from auditor.engines.counts import read_counts
from auditor.engines.gather import by_subject
from auditor.engines.judged import Judged, Told
from auditor.engines.outcome import outcome
from auditor.engines.places import Places, found_by, of_own_columns
from auditor.engines.query import Part, Query
from auditor.kinds import sql
from auditor.kinds.base import Conclusion, GroupKind, Verdict


@dataclass(frozen=True, kw_only=True)
class Concluded:
    """What the statistics said, how the subjects lie, and, once they were read, the rows of the flagged by subject."""

    conclusion: Conclusion
    flagged: Sequence[Verdict]
    members: Answer | None
    drawn: Picture | None

    @property
    def _names(self) -> list[sql.Expr]:
        return [sql.text(verdict.subject) for verdict in self.flagged]

    def places(self, asked: Asked, number: int, session: Session) -> Places | None:
        """Where the rows of the flagged are, to be fetched with those of other rules; None where more than the row says
        which they are."""
        query = asked.query
        if query.subject is None or asked.rule.combines or not of_own_columns(asked, query.subject):
            return None
        condition: sql.Expr = exp.In(this=query.subject.copy(), expressions=self._names)
        if of_own_columns(asked, query.outputs["in_scope"]):
            condition = sql.both(condition, query.outputs["in_scope"])
        return found_by(asked, number, condition, session)

    def with_members(self, asked: Asked, session: Session, part: Part | None = None) -> "Concluded":
        """With the rows of the flagged, which are all in the part if there is one."""
        query = asked.query if part is None else asked.compiled(part)
        wanted = sql.both(sql.column("told"), exp.In(this=sql.column("subject"), expressions=self._names))
        order = [sql.column(name) for name in ("subject", "at", "row_key", "source_file", "source_row")]
        rows = exp.select(exp.Star()).from_(query.judged.subquery("j")).where(wanted).order_by(*order)
        return replace(self, members=session.answer(rows))


def conclude(kind: GroupKind, query: Query, session: Session) -> Concluded:
    counted = read_counts(query, session)
    conclusion = counted.concluded(kind)
    drawn = picture.of_groups(kind, counted.counts, conclusion)
    flagged = [verdict for verdict in conclusion.verdicts if verdict.flagged]
    return Concluded(conclusion=conclusion, flagged=flagged, members=None, drawn=drawn)


def uncounted(query: Query, session: Session) -> int:
    """How many rows in scope lack what is compared."""
    left_out = sql.both(sql.coalesce(sql.column("in_scope"), exp.true()), sql.negate(sql.column("counted")))
    n = exp.alias_(exp.Count(this=exp.Star()), "n")
    return int(session.rows(exp.select(n).from_(query.judged.subquery("j")).where(left_out))[0]["n"])


def judged_groups(asked: Asked, kind: GroupKind, found: Concluded, left_out: int, period: Period) -> Judged:
    conclusion, flagged, too_few = found.conclusion, found.flagged, found.conclusion.too_few
    numbers = {
        "ok": len(conclusion.verdicts) - len(flagged),
        "violation": len(flagged),
        "unknown": len(conclusion.not_judged) + (too_few.subjects if too_few else 0),
        "skipped": 0,
    }
    notes = list(conclusion.notes)
    if left_out:
        notes.append(
            Text(
                zh=f"{left_out} 行缺少比较所需的内容，未计入",
                en=f"{left_out} rows lack what is compared and were not counted",
            )
        )
    result = replace(
        outcome(asked.rule, numbers, len(flagged), grain=kind.compares or asked.rule.subject.id),
        not_judged=conclusion.not_judged,
        too_few=too_few,
        notes=tuple(notes),
        picture=found.drawn,
    )
    members = found.members
    if members is None:
        return Judged(result=result)

    def tell() -> tuple[list[Finding], list[Evidence]]:
        findings, evidence = by_subject(asked.rule, kind, asked.query, flagged, members.rows(), period)
        return conditions.of_subjects(asked.rule, asked.setting, flagged, findings), evidence

    return Judged(result=result, told=Told(tell))
