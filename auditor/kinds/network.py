"""Co-occurrence: pairs, such as an officer and an agent, that occur together beyond chance and beyond usual ties."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from auditor.core.privacy import mask
from auditor.core.result import NotJudged
from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.base import Conclusion, Count, FactSpec, Verdict, kind, reads
from auditor.kinds.conditions import Limit
from auditor.kinds.population import Population
from auditor.kinds.read_from import column_of, privacy_of
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker
from auditor.kinds.standings import rarely_false
from auditor.kinds.windowed import WindowedKind

if TYPE_CHECKING:
    from auditor.stats.co_occurrence import Pair, PairResult

_REASONS = {
    "nothing_to_compare": Text(zh="同类记录中没有可比对象，不作判断", en="nobody to compare with on like rows"),
    "too_few_pairs": Text(zh="组合太少，无法得知通常的关联程度，不作判断", en="too few pairs to know the usual ties"),
}
LISTED = 20
"""So many of the pairs that were not judged are listed, those with the most rows."""

_DOT = "·"


@kind("network")
@dataclass(frozen=True, kw_only=True)
class Network(WindowedKind):
    """Flags a pair (an officer and an agent, an agent and a party, a phone and a licence) that occurs together more
    often than chance and the ties that honest pairs have explain.

    Chance is reckoned within each of `strata` from how many rows either has; a stratum with a single first or a single
    second says nothing and is left out. Officers have fixed beats and agents fixed windows, so the limits are widened
    by the spread among all pairs, the one looked at left out: put the beat or the site into `strata` to see more. q is
    held over all pairs that could have had `min_support` rows, and the rows must be `min_lift` times the expected ones.
    The finding is about the first of the pair: make that the rule's `subject`. All rows of the pair are listed with it,
    those in strata that are left out too; its numbers are of the others alone.

    A pair with fewer than `min_support` comparable rows is not judged; how many there are is in the notes. Where the
    pairs are too few to know the spread, or nothing can be compared, those with the most rows are listed as not judged.
    A rule's test names a pair `A · B`; a dot within an id is doubled, and of a private person's id in a pair that was
    not judged the middle is starred.

    NULL: a row for which either of `pair` or a stratum is NULL isn't counted on either side.
    """

    example = """\
pair: [officer_id, agent_id]
strata: [unit_id]
"""

    metric = "count"
    compares = "pair"
    fact_specs = {
        "first": FactSpec(type="string", doc=Text(zh="甲方", en="the first of the pair")),
        "second": FactSpec(type="string", doc=Text(zh="乙方", en="the second of the pair")),
        "n": FactSpec(type="int", doc=Text(zh="共同出现次数", en="rows of the pair")),
        "expected": FactSpec(type="double", doc=Text(zh="随机情况下的次数", en="rows expected by chance")),
        "lift": FactSpec(type="double", doc=Text(zh="为随机情况的倍数", en="times the expected rows")),
        "excess": FactSpec(type="double", doc=Text(zh="超出次数", en="excess over the expected rows")),
        "lower": FactSpec(type="double", doc=Text(zh="超出的下限（95%）", en="lower end of the excess (95 %)")),
        "upper": FactSpec(type="double", doc=Text(zh="超出的上限（95%）", en="upper end of the excess (95 %)")),
        "q_value": FactSpec(type="double", doc=Text(zh="错误发现率", en="false discovery rate (q)")),
        "first_total": FactSpec(type="int", doc=Text(zh="甲方总次数", en="rows of the first")),
        "second_total": FactSpec(type="int", doc=Text(zh="乙方总次数", en="rows of the second")),
        "pairs": FactSpec(type="int", doc=Text(zh="参与评判的组合数", en="how many pairs were judged")),
        "rank": FactSpec(type="int", doc=Text(zh="排名", en="rank, the least likely first")),
    }
    arithmetic_steps = (
        Text(
            zh="{first} 共 {first_total} 件，{second} 共 {second_total} 件，其中共同 {n} 件；"
            "随机情况下约 {expected} 件",
            en="{first} has {first_total} rows, {second} {second_total}, {n} together; by chance about {expected}",
        ),
        Text(
            zh="为随机情况的 {lift} 倍，超出 {excess}（95% 区间 {lower} 至 {upper}），q = {q_value}，"
            "在 {pairs} 个组合中排第 {rank}",
            en="{lift} times as many, excess {excess} (95 % interval {lower} to {upper}), q = {q_value}, "
            "rank {rank} of {pairs} pairs judged",
        ),
    )

    pair: tuple[sql.Expr, ...] = reads(
        "expressions",
        Text(zh="两方，如办案人员与代办人", en="the two that occur together: whom it is about, and whom with"),
    )
    strata: tuple[sql.Expr, ...] = reads(
        "expressions",
        Text(zh="分层，在同层内计算随机情况", en="what makes rows alike; chance is reckoned within"),
        default=(),
    )
    min_support: int = reads("count", Text(zh="最少共同次数", en="fewest rows of the pair to judge"), default=5)
    q: float = reads("share", Text(zh="错误发现率", en="the false discovery rate"), default=0.05)
    min_lift: Decimal = reads(
        "number", Text(zh="最小倍数", en="the least multiple of the expected rows that counts"), default=Decimal(2)
    )

    def faults(self) -> Sequence[tuple[str, str]]:
        found = [*super().faults()]
        if len(self.pair) != 2:
            found.append(("pair", f"must name two, and names {len(self.pair)}"))
        elif self.pair[0] == self.pair[1]:
            found.append(("pair", "must name two different things"))
        if any(part in self.strata for part in self.pair):
            found.append(("strata", "must not hold one of the pair: within it there is nobody else"))
        if not self.q:
            found.append(("q", "must be more than 0"))
        if self.min_lift < 1:
            found.append(("min_lift", "must be 1 or more"))
        return found

    @property
    def threshold(self) -> float:
        return float(self.min_lift)

    def population(self, setting: Setting) -> Population:
        first, second = (_doubled(part) for part in self.pair)
        by = sql.run_together(first, sql.text(f" {_DOT} "), second)
        return Population(of=exp.true(), by=by, strata=self.strata, window=self.window)

    def conclude(self, counts: Sequence[Count]) -> Conclusion:
        from auditor.stats.co_occurrence import co_occurrence
        from auditor.stats.pair_table import Together

        cells: list[Together] = []
        for count in counts:
            first, second = apart(count.subject)
            stratum = tuple(part or "" for part in count.stratum)
            cells.append(Together(first=first, second=second, stratum=stratum, n=count.n))
        result = co_occurrence(cells, min_support=self.min_support, q=self.q, min_lift=float(self.min_lift))
        judged = [pair for pair in result.pairs if pair.reason is None]
        left = sorted((pair for pair in result.pairs if pair.reason), key=lambda one: (-one.n, one.first, one.second))
        return Conclusion(
            verdicts=tuple(self._verdict(pair, len(judged)) for pair in judged),
            not_judged=tuple(
                NotJudged(subject_id=self._shown(pair), reason=_REASONS[pair.reason], n=pair.n)
                for pair in left[:LISTED]
                if pair.reason is not None
            ),
            notes=self._notes(result, len(left)),
        )

    def _verdict(self, pair: "Pair", judged: int) -> Verdict:
        facts = {
            "first": pair.first,
            "second": pair.second,
            "n": str(pair.n),
            "expected": f"{pair.expected:.2f}",
            "lift": f"{pair.lift:.1f}",
            "excess": f"{pair.n - pair.expected:.1f}",
            "lower": f"{pair.lower:.1f}",
            "upper": f"{pair.upper:.1f}",
            "q_value": f"{pair.q_value:.2g}",
            "first_total": str(pair.first_total),
            "second_total": str(pair.second_total),
            "pairs": str(judged),
            "rank": str(pair.rank),
        }
        return Verdict(
            subject=together(pair.first, pair.second),
            flagged=pair.flagged,
            facts=facts,
            value=float(pair.n),
            expected=pair.expected,
            lower=pair.lower,
            upper=pair.upper,
            p_value=pair.p_value,
            q_value=pair.q_value,
            n=pair.n,
            threshold=round(float(self.min_lift) * pair.expected, 6),
            parts=(pair.first, pair.second),
            columns=self._columns(),
        )

    def _columns(self) -> Mapping[str, str]:
        """The column each of the pair is read from; of an expression over several, one that is personal if any is."""
        named = zip(("first", "second"), self.pair, strict=True)
        return {name: column for name, part in named if (column := column_of(part)) is not None}

    def _shown(self, pair: "Pair") -> str:
        """A pair that was not judged has no facts that could be masked later on."""
        columns = self._columns()
        kinds = (privacy_of(columns.get("first")), privacy_of(columns.get("second")))
        first, second = (
            part if kind is None else mask(part, kind)
            for part, kind in zip((pair.first, pair.second), kinds, strict=True)
        )
        return together(first, second)

    def _notes(self, result: "PairResult", left: int) -> tuple[Text, ...]:
        notes: list[Text] = []
        if result.rare:
            notes.append(
                Text(
                    zh=f"共同出现不足 {self.min_support} 次的组合 {result.rare} 个，未评判",
                    en=f"pairs with fewer than {self.min_support} rows together, not judged: {result.rare}",
                )
            )
        if result.alone:
            notes.append(
                Text(
                    zh=f"同层内仅有一个甲方或一个乙方的记录 {result.alone} 行，未参与比较",
                    en=f"rows left out of the comparison, a single first or second in their stratum: {result.alone}",
                )
            )
        if left > LISTED:
            notes.append(
                Text(
                    zh=f"未评判的组合共 {left} 个，仅列出次数最多的 {LISTED} 个",
                    en=f"pairs not judged: {left}; the {LISTED} with the most rows are listed",
                )
            )
        return tuple(notes)

    def limits(self, say: Speaker) -> Sequence[Limit]:
        together_ = Text(zh="共同出现至少 {least} 次", en="they occur together at least {least} times")
        lift = Text(zh="达到随机情况的 {lift} 倍以上", en="that is {lift} times as many as by chance, or more")
        return [
            Limit(text=together_.filled(least=self.min_support), met=lambda one: one.n >= self.min_support),
            Limit(
                text=lift.filled(lift=str(self.min_lift)),
                met=lambda one: None if one.threshold is None else round(one.value, 6) >= one.threshold,
            ),
            rarely_false(self.q),
        ]

    def sentence(self, say: Speaker) -> Text:
        alike = Text(zh="", en="")
        if self.strata:
            alike = Text(zh="在{strata}相同的记录内", en=" among rows alike in {strata}").filled(
                strata=say.values(self.strata)
            )
        first, second = (say.value(part) for part in self.pair)
        return Text(
            zh="统计{first}与{second}共同出现的次数，{alike}与随机情况下的次数相比，并计入各组合之间通常的差异；"
            "至少 {min_support} 次，达到随机情况的 {min_lift} 倍以上且错误发现率不超过 {q} 的列为线索",
            en="counts how often {first} and {second} occur together and compares it with chance{alike}, "
            "allowing for the usual ties between them; at least {min_support} rows, {min_lift} times as many as by "
            "chance and a false discovery rate of at most {q} make a lead",
        ).filled(
            first=first,
            second=second,
            alike=alike,
            min_support=self.min_support,
            min_lift=str(self.min_lift),
            q=f"{self.q:g}",
        )


def together(first: str, second: str) -> str:
    """The pair as one text that reads `A · B`. Dots within either are doubled, so the single one stands between."""
    return f"{first.replace(_DOT, _DOT * 2)} {_DOT} {second.replace(_DOT, _DOT * 2)}"


def apart(pair: str) -> tuple[str, str]:
    """The two that `together` joined."""
    first, second = re.split(f" (?<!{_DOT}){_DOT}(?!{_DOT}) ", pair)
    return first.replace(_DOT * 2, _DOT), second.replace(_DOT * 2, _DOT)


def _doubled(part: sql.Expr) -> sql.Expr:
    return exp.Replace(this=sql.cast_to(part, "text"), expression=sql.text(_DOT), replacement=sql.text(_DOT * 2))
