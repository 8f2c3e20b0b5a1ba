"""The typology: what several rules found about one officer, unit, site, vehicle or case, put together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlglot import exp

from auditor.core.duration import Duration
from auditor.core.text import Text, run_on
from auditor.kinds import sql
from auditor.kinds.base import Conclusion, Count, FactSpec, GroupKind, Verdict, kind, reads
from auditor.kinds.conditions import Limit
from auditor.kinds.population import Population
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker

_UNDATED = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A finding of one of the rules about the subject; `place` is the rule's in the list."""

    place: int
    finding_id: str
    at: datetime | None


@kind("composite")
@dataclass(frozen=True, kw_only=True)
class Composite(GroupKind):
    """Flags a subject (`by`) that at least `at_least` different `rules` found something about, with a `score` reached.

    A rule over the table `findings`, which holds what the other rules of the run found: a row for each judged source
    row that a finding rests on, with the officer, unit, vehicle, site or case that this row names. Each rule counts
    once for a subject, with its weight, however many findings it has about it: many findings of one rule may be one
    fault of one record system, findings of different rules are different observations. The score is the sum of the
    weights and no probability; who has more cases has more chances of being found by two rules, so a finding orders
    what to look at first and is never proof.

    With `within` only findings of which the first moments lie so close together count, the end included; with
    `order: listed` each must come no earlier than the findings of the rules listed before it. The best such choice is
    taken. A rule that did not run is named among the notes: what it would have found is not in the score.

    With `others` every further rule of the run counts too, each with that weight; `where` may say which findings do.
    With `must` a subject is listed only if one of these rules found something about it (a complaint, a suit); where
    none of these ran, the rule was not run either.

    NULL: a row that names nobody in `by` is not counted. A finding without a moment counts only where neither `within`
    nor an order is asked for.
    """

    example_table = "findings"
    table_needed = "findings"
    example = """\
rules: {procedure.reviewer-is-handler: 2, officer.one-alone: 1}
by: officer_id
"""

    metric = "score"
    fact_specs = {
        "score": FactSpec(type="int", doc=Text(zh="得分", en="sum of the weights")),
        "rules": FactSpec(
            type="list", doc=Text(zh="所涉规则、加分与发现数", en="the rules, what each adds and how many findings")
        ),
        "rules_count": FactSpec(type="int", doc=Text(zh="规则数", en="how many different rules")),
        "findings": FactSpec(type="int", doc=Text(zh="发现数", en="how many findings of theirs")),
        "least": FactSpec(type="int", doc=Text(zh="得分下限", en="the score needed")),
        "of_rules": FactSpec(type="int", doc=Text(zh="参与合并的规则数", en="how many rules are combined")),
    }
    arithmetic_steps = (
        Text(
            zh="{of_rules} 条规则中有 {rules_count} 条对其有发现，共 {findings} 项：{rules}",
            en="{rules_count} of {of_rules} rules found something, {findings} findings in all: {rules}",
        ),
        Text(
            zh="每条规则按权重计一次，得分 {score}；列出的下限为 {least}",
            en="each rule counts once by its weight: score {score}; {least} is needed",
        ),
    )

    rules: tuple[tuple[str, int], ...] = reads(
        "weights",
        Text(zh="所合并的规则及权重", en="the ids of the rules to combine, each with its weight (1 in a list)"),
    )
    others: int | None = reads(
        "count",
        Text(zh="其他规则的权重", en="the weight of each rule not named; they don't count, if left out"),
        default=None,
    )
    must: tuple[str, ...] = reads(
        "words", Text(zh="必须有其中一条规则的发现", en="rules of which one must have found something"), default=()
    )
    by: sql.Expr = reads(
        "expression", Text(zh="合并的对象", en="the subject: officer_id, unit_id, place_id, plate_no, …")
    )
    score: int | None = reads(
        "count", Text(zh="得分下限", en="the least score that makes a finding; any, if left out"), default=None
    )
    at_least: int = reads("count", Text(zh="至少几条不同规则", en="fewest different rules"), default=2)
    within: Duration | None = reads(
        "duration", Text(zh="多长时间之内", en="how close together the findings must lie"), default=None
    )
    order: str = reads(
        "choice",
        Text(zh="是否须依所列次序", en="whether they must come in the order listed"),
        default="any",
        choices=("any", "listed"),
    )

    def faults(self) -> Sequence[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        if len(self.rules) < 2 and self.others is None:
            found.append(("rules", "names fewer than two rules: there is nothing to combine"))
        elif self.at_least > len(self.rules) and self.others is None:
            found.append(("at_least", f"only {len(self.rules)} rules are named"))
        if self.at_least < 2:
            found.append(("at_least", "must be 2 or more: one rule's finding stands in its own list"))
        most = sum(weight for _, weight in self.rules)
        if self.others is not None and self.order == "listed":
            found.append(("others", "have no place in an order that is listed"))
        if strangers := [rule_id for rule_id in self.must if rule_id not in dict(self.rules)]:
            found.append(("must", f"{strangers[0]} is not among `rules`"))
        if self.score is not None and self.score > most and self.others is None:
            found.append(("score", f"all rules together weigh {most}"))
        if self.within is not None and self.within.minutes is None:
            found.append(("within", "must be in minutes, hours or days"))
        return found

    @property
    def rests_on(self) -> tuple[str, ...]:
        return tuple(rule_id for rule_id, _ in self.rules)

    @property
    def takes_all(self) -> bool:
        return self.others is not None

    @property
    def must_run(self) -> tuple[str, ...]:
        return self.must

    @property
    def threshold(self) -> float:
        """The least score that can make a finding: what is asked for, or what the lightest rules weigh together."""
        weights = [weight for _, weight in self.rules]
        if self.others is not None:
            weights += [self.others] * self.at_least
        lightest = sum(sorted(weights)[: self.at_least])
        return float(max(self.score or 0, lightest))

    def population(self, setting: Setting) -> Population:
        named = [sql.text(rule_id) for rule_id, _ in self.rules]
        within = None
        if self.others is None:
            within = exp.In(this=sql.column("rule_id", "findings"), expressions=named)
        at = sql.text(_UNDATED)
        if self._dated:
            at = sql.coalesce(sql.cast_to(sql.column("first_at", "findings"), "text"), sql.text(_UNDATED))
        rule, finding = sql.column("rule_id", "findings"), sql.column("finding_id", "findings")
        return Population(of=exp.true(), by=self.by, strata=(rule, finding, at), window=None, within=within)

    def conclude(self, counts: Sequence[Count]) -> Conclusion:
        listed = self._with_others({count.stratum[0] or "" for count in counts})
        places = {rule_id: place for place, (rule_id, _) in enumerate(listed.rules)}
        found: defaultdict[str, list[_Found]] = defaultdict(list)
        rows: defaultdict[str, int] = defaultdict(int)
        for count in counts:
            rule_id, finding_id, at = (part or "" for part in count.stratum)
            moment = None if at == _UNDATED else datetime.fromisoformat(at)
            found[count.subject].append(_Found(place=places[rule_id], finding_id=finding_id, at=moment))
            rows[count.subject] += count.n
        least = str(int(listed.threshold))
        verdicts = tuple(
            listed._verdict(subject, of_subject, rows[subject], least) for subject, of_subject in sorted(found.items())
        )
        undated = len({one.finding_id for of_subject in found.values() for one in of_subject if one.at is None})
        return Conclusion(verdicts=verdicts, not_judged=(), notes=self._notes(undated))

    def _with_others(self, told: set[str]) -> "Composite":
        """The same with the rules that told something and are not named put behind the named ones."""
        if self.others is None:
            return self
        further = sorted(told - {rule_id for rule_id, _ in self.rules})
        return replace(self, rules=(*self.rules, *((rule_id, self.others) for rule_id in further)))

    def _notes(self, undated: int) -> tuple[Text, ...]:
        if not undated or not self._dated:
            return ()
        return (
            Text(
                zh=f"{undated} 项发现没有时间，未参与合并",
                en=f"{undated} findings have no moment and were not combined",
            ),
        )

    @property
    def _dated(self) -> bool:
        return self.within is not None or self.order == "listed"

    def _verdict(self, subject: str, found: Sequence[_Found], rows: int, least: str) -> Verdict:
        chosen = self._chosen(found)
        score = sum(self.rules[place][1] for place in chosen)
        numbers = {place: len({one.finding_id for one in found if one.place == place}) for place in chosen}
        listed = [f"{self.rules[place][0]} +{self.rules[place][1]} (n={numbers[place]})" for place in sorted(chosen)]
        facts = {
            "score": str(score),
            "rules": ", ".join(listed) or None,
            "rules_count": str(len(chosen)),
            "findings": str(sum(numbers.values())),
            "least": least,
            "of_rules": str(len(self.rules)),
        }
        return Verdict(
            subject=subject,
            flagged=self._enough(chosen),
            facts=facts,
            value=float(score),
            expected=None,
            lower=None,
            upper=None,
            p_value=None,
            q_value=None,
            n=rows,
        )

    def _enough(self, places: frozenset[int]) -> bool:
        enough = len(places) >= self.at_least and self._weight(places) >= (self.score or 0)
        return enough and (not self.must or any(self.rules[place][0] in self.must for place in places))

    def _weight(self, places: Iterable[int]) -> int:
        return sum(self.rules[place][1] for place in places)

    def _chosen(self, found: Sequence[_Found]) -> frozenset[int]:
        """The rules, by place, whose findings go together best: a choice that is enough before one that is not, then
        the greatest weight, the most rules, and those listed first."""
        if not self._dated:
            return frozenset(one.place for one in found)
        # In the order of time, and of rules at one moment: a chain may step to whatever comes later in this list.
        dated = sorted({(one.at, one.place) for one in found if one.at is not None})
        best: frozenset[int] = frozenset()
        for start, (begin, _) in enumerate(dated):
            if start and dated[start - 1][0] == begin:
                continue
            inside = [place for at, place in dated[start:] if self._near(begin, at)]
            best = max([best, *self._chains(inside)], key=self._rank)
            if self.within is None:
                break
        return best

    def _chains(self, places: Sequence[int]) -> list[frozenset[int]]:
        """The choices among findings in the order of time: all rules, or the best chains that follow the list."""
        if self.order == "any":
            return [frozenset(places)]
        ending: dict[tuple[int, int], frozenset[int]] = {}
        for place in places:
            # Of chains of one length the heaviest; lengths apart, as both the number and the weight are asked for.
            before = [frozenset[int](), *(chain for (last, _), chain in ending.items() if last < place)]
            for chain in before:
                grown = chain | {place}
                key = (place, len(grown))
                if key not in ending or self._rank(grown) > self._rank(ending[key]):
                    ending[key] = grown
        return list(ending.values())

    def _rank(self, places: frozenset[int]) -> tuple[bool, int, int, list[int]]:
        return (self._enough(places), self._weight(places), len(places), sorted(-place for place in places))

    def _near(self, begin: datetime, at: datetime) -> bool:
        minutes = None if self.within is None else self.within.minutes
        return minutes is None or at - begin <= timedelta(minutes=minutes)

    def limits(self, say: Speaker) -> Sequence[Limit]:
        score = int(self.threshold)
        several = Text(zh="至少有 {least} 条不同规则的发现", en="at least {least} different rules found something")
        reached = Text(zh="得分不低于 {score}", en="the score is {score} or more")
        found = [
            Limit(
                text=several.filled(least=self.at_least),
                met=lambda one: int(one.facts["rules_count"] or 0) >= self.at_least,
            ),
            Limit(text=reached.filled(score=score), met=lambda one: one.value >= score),
        ]
        if self.must:
            named = Text(zh="其中有{must}的发现", en="{must} is among them").filled(
                must=Text(zh="或".join(self.must), en=" or ".join(self.must))
            )
            found.append(Limit(text=named, met=lambda one: any(rule_id in self.must for rule_id in _told(one))))
        return found

    def sentence(self, say: Speaker) -> Text:
        listed_ = ", ".join(f"{rule_id} ({weight})" for rule_id, weight in self.rules)
        rules = Text(zh=listed_, en=listed_)
        if self.others is not None:
            any_other = Text(zh="{rules}，其他规则各 {others}", en="{rules}, any other rule ({others})")
            rules = any_other.filled(rules=rules, others=self.others)
        demands: list[Text] = []
        if self.within is not None:
            demands.append(
                Text(zh="，且发现时间相距不超过{within}", en=", within {within}").filled(within=self.within.text)
            )
        if self.must:
            must = Text(zh="、".join(self.must), en=" or ".join(self.must))
            demands.append(Text(zh="，且须有{must}的发现", en=", one of them {must},").filled(must=must))
        if self.order == "listed":
            demands.append(Text(zh="、依所列先后次序", en=" and in the order listed"))
        return Text(
            zh="把下列规则的发现按{subject}合并（括号内为权重，每条规则只计一次）：{rules}；"
            "至少 {at_least} 条不同规则{demands}、得分不低于 {score} 的列为线索；"
            "只看这些规则至少有一项发现的对象",
            en="puts together by {subject} what these rules found (weights in brackets, each rule once): {rules}; "
            "at least {at_least} different rules{demands} and a score of {score} or more make a lead; "
            "looked at are those of whom any of these rules found something",
        ).filled(
            subject=say.value(self.by),
            rules=rules,
            demands=run_on(demands, Text(zh="", en="")),
            at_least=self.at_least,
            score=int(self.threshold),
        )


def _told(verdict: Verdict) -> list[str]:
    """The ids of the rules that a verdict rests on, as its facts list them."""
    return [said.split(" ")[0] for said in (verdict.facts["rules"] or "").split(", ")]
