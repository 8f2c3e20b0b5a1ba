"""Segregation of duties: one person in two roles, fewer persons than the law demands, an auxiliary alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations

from sqlglot import exp

from auditor.core.text import Text, run_on
from auditor.kinds import sql
from auditor.kinds.base import FactSpec, Judgement, RowKind, kind, reads
from auditor.kinds.conditions import Condition, choice
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker


@kind("separation")
@dataclass(frozen=True, kw_only=True)
class Separation(RowKind):
    """Flags a row on which one person stands in two of the `roles` (`distinct: yes`), or on which fewer than
    `at_least` different persons are named among them; with both, either is a violation.

    `only` says, role by role and in their order, who counts towards `at_least`: two registers of officers under
    `with:` and `only: [first.role = 'officer', second.role = 'officer']` find an auxiliary alone.

    NULL: a blank role names nobody, and so counts as no person; but it keeps `distinct` from being judged, and the row
    is unknown unless two other roles hold one person. Where `only` cannot be told of somebody, the row is unknown if
    it would make a difference.
    """

    example = """\
roles: [officer_id, reviewer_id, approver_id]
distinct: yes
"""

    fact_specs = {
        "named": FactSpec(type="int", doc=Text(zh="符合条件的不同人员数", en="how many different persons count")),
        "at_least": FactSpec(type="int", doc=Text(zh="至少应有人数", en="how many there must be at least")),
        "doubled": FactSpec(type="columns", doc=Text(zh="由同一人担任的角色", en="roles held by one person")),
    }

    roles: tuple[sql.Expr, ...] = reads(
        "expressions", Text(zh="各角色的人员", en="the persons, a column for each role")
    )
    distinct: str = reads(
        "choice",
        Text(zh="是否不得兼任", en="yes: no person may stand in two roles; no (default)"),
        default="no",
        choices=("yes", "no"),
    )
    at_least: int | None = reads(
        "count", Text(zh="至少几人", en="how many different persons must be named"), default=None
    )
    only: tuple[sql.Expr, ...] = reads(
        "conditions", Text(zh="哪些人才算", en="who counts towards at_least: a condition for each role"), default=()
    )

    @property
    def arithmetic(self) -> tuple[Text, ...]:
        found: list[Text] = []
        if self.distinct == "yes":
            found.append(Text(zh="由同一人担任：{doubled}", en="held by one person: {doubled}"))
        if self.at_least is not None:
            found.append(
                Text(zh="不同人员 {named} 名，至少应有 {at_least} 名", en="{named} persons, at least {at_least}")
            )
        return tuple(found)

    def faults(self) -> Sequence[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        if self.distinct == "no" and self.at_least is None:
            found.append(("roles", "nothing is asked of them; say `distinct: yes` or `at_least: 2`"))
        if self.distinct == "yes" and len(self.roles) < 2:
            found.append(("roles", "must be two or more where they are to be distinct"))
        if len({sql.render(role) for role in self.roles}) < len(self.roles):
            found.append(("roles", "names one column twice"))
        if self.at_least is not None and self.at_least > len(self.roles):
            found.append(("at_least", "is more than there are roles, so every row would be flagged"))
        if self.only and self.at_least is None:
            found.append(("only", "says who counts towards `at_least`, and there is none"))
        elif self.only and len(self.only) != len(self.roles):
            found.append(("only", f"must have a condition for each of the {len(self.roles)} roles, in their order"))
        return found

    def judge(self, setting: Setting) -> Judgement:
        persons = [sql.cast_to(role, "text") for role in self.roles]
        problems: list[sql.Expr] = []
        facts: dict[str, sql.Expr] = {}
        if self.distinct == "yes":
            named = [sql.words(role) for role in self.roles]
            pairs = [
                (sql.equal(persons[one], persons[two]), sql.text(f"{named[one]} = {named[two]}"))
                for one, two in combinations(range(len(persons)), 2)
            ]
            problems += [same for same, _ in pairs]
            facts["doubled"] = sql.joined(exp.Array(expressions=[sql.case(pair) for pair in pairs]), ", ")
        if self.at_least is not None:
            certain = self._count(persons, exp.false())
            facts |= {"named": certain, "at_least": sql.number(self.at_least)}
            wanted = sql.number(self.at_least)
            problems.append(self._few(persons, wanted))
        return Judgement(violation=sql.either(*problems), facts=facts)

    def _few(self, persons: Sequence[sql.Expr], wanted: sql.Expr) -> sql.Expr:
        """Whether fewer persons count than are wanted; NULL where `only` cannot be told and would decide it."""
        certain = self._count(persons, exp.false())
        if not self.only:
            return sql.less(certain, wanted)
        possible = self._count(persons, exp.true())
        return sql.case((sql.less(possible, wanted), exp.true()), (sql.at_most(wanted, certain), exp.false()))

    def conditions(self, setting: Setting, say: Speaker) -> Sequence[Condition]:
        persons = [sql.cast_to(role, "text") for role in self.roles]
        ways: list[Condition] = []
        if self.distinct == "yes":
            for one, two in combinations(range(len(persons)), 2):
                names = {"one": say.value(self.roles[one]), "two": say.value(self.roles[two])}
                same = Text(zh="{one}与{two}是同一人", en="{one} and {two} are one person").filled(**names)
                ways.append(Condition(text=same, met=sql.equal(persons[one], persons[two])))
        if self.at_least is not None:
            few = Text(zh="不同人员少于 {least} 名", en="fewer than {least} different persons are named")
            met = self._few(persons, sql.number(self.at_least))
            ways.append(Condition(text=few.filled(least=self.at_least), met=met, about=self.roles))
        wrong = Text(zh="{roles}的人员不合要求", en="the persons are not as they must be: {roles}")
        return [choice(wrong.filled(roles=say.values(self.roles)), ways)]

    def _count(self, persons: Sequence[sql.Expr], untold: sql.Expr) -> sql.Expr:
        """How many different persons count; `untold` is what to take where `only` cannot be told."""
        counts = [sql.is_known(person) for person in persons]
        if self.only:
            told = [sql.coalesce(condition, untold) for condition in self.only]
            counts = [sql.both(known, condition) for known, condition in zip(counts, told, strict=True)]
        ones: list[sql.Expr] = []
        for place, person in enumerate(persons):
            new = counts[place]
            if place:
                met = [sql.both(counts[before], sql.equal(persons[before], person)) for before in range(place)]
                new = sql.both(new, sql.negate(sql.either(*met)))
            ones.append(sql.case((new, sql.number(1)), otherwise=sql.number(0)))
        return reduce(sql.plus, ones)

    def sentence(self, say: Speaker) -> Text:
        roles = say.values(self.roles)
        problems: list[Text] = []
        if self.distinct == "yes":
            problems.append(
                Text(zh="{roles}中有一人兼任两个", en="one person stands in two of {roles}").filled(roles=roles)
            )
        if self.at_least is not None:
            few = Text(
                zh="{roles}中的不同人员少于 {least} 名",
                en="{roles} name fewer than {least} different persons",
            )
            problems.append(few.filled(roles=roles, least=self.at_least))
        said = Text(zh="{problems}的，即为问题", en="flags every row on which {problems}").filled(
            problems=run_on(problems, Text(zh="，或者", en=", or "))
        )
        if not self.only:
            return said
        counted = run_on([say.among(condition) for condition in self.only], Text(zh="；", en="; "))
        return Text(zh="{said}（只计：{counted}）", en="{said} (counted only if: {counted})").filled(
            said=said, counted=counted
        )
