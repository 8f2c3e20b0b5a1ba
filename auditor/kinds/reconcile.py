"""The two-way match: what one register says was due is there in another, in full, not twice, and in time.

Sums are compared and not rows, so that instalments and payments in one for several rows need no pairing. The other
side, rows of `right` that belong to nothing, is a rule of its own with the tables changed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlglot import exp

from auditor.core.duration import Duration
from auditor.core.period import day_before
from auditor.core.schema import Table
from auditor.core.text import Text
from auditor.kinds import reconcile_words as words
from auditor.kinds import sql
from auditor.kinds.base import FactSpec, Judgement, RowKind, Stage, kind, reads
from auditor.kinds.conditions import Condition, choice
from auditor.kinds.population import Joined
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker

_RIGHT, _MATCHED, _IN_TIME, _BY_MOMENT = "entry", "matched_rows", "rows_in_time", "by_moment"
_NUMBERS, _TIMES = ("money", "double", "int"), ("timestamp", "date")


@kind("reconcile")
@dataclass(frozen=True, kw_only=True)
class Reconcile(RowKind):
    """Flags a row of the rule's table, the left side, whose amount `left` the rows of `right` that `match` it don't
    add up to in their `amount`: too little, or nothing, and with `must: exact` too much.

    Rows of the left that agree in every column of `match` are one matter: their sum is compared, and they share the
    verdict. A difference of exactly `tolerance` is in order. Without `left` and `amount` only the presence of a
    matching row counts. `only` says which rows of the right count. All rows up to the as-of day count on the right;
    what is too much is told from rows of the right up to the end of the period, as the left is read no further.

    With `within`, the sum must be reached by 24:00 of the last day counted from `from` (of several left rows the
    latest), by rows whose `at` is known; until the as-of day has passed that day, too little is in order. Such a row is
    judged in every period from its `from` to the day after its last, other rows in the period of their own moment.
    `within` is in days or months: a limit in working days or hours from one event to another is a `deadline`.

    NULL: a blank in a `match` column makes a left row unknown; a blank `left`, `tolerance` or `from` of one of its
    rows, or a `where` that cannot be told, the whole matter. A matching row of the right with a blank `amount`, or for
    which `only` cannot be told, makes the matter unknown, too. One without `at` counts towards the sum, but where it
    alone could have been in time the matter is unknown. No matching row is a sum of nothing, never unknown.
    """

    example = """\
left: fine_amount
right: payments
match: [case_id]
amount: amount
only: item = 'fine'
from: served_at
at: paid_at
within: 15 days
"""

    fact_specs = {
        "found": FactSpec(type="int", doc=Text(zh="对应记录数", en="how many rows match")),
        "owed": FactSpec(type="money", doc=Text(zh="应有金额", en="the amount that is due")),
        "matched": FactSpec(type="money", doc=Text(zh="对应记录合计", en="what the matching rows add up to")),
        "difference": FactSpec(type="money", doc=Text(zh="差额", en="matched minus due")),
        "in_time": FactSpec(type="money", doc=Text(zh="期限内合计", en="what they added up to in time")),
        "first_right_at": FactSpec(type="timestamp", doc=Text(zh="首笔时间", en="the first matching row's moment")),
        "due": FactSpec(type="date", doc=Text(zh="期限届满", en="the last day in time")),
    }

    left: sql.Expr | None = reads("expression", Text(zh="应有金额", en="the amount that is due"), default=None)
    right: Table = reads("table", Text(zh="核对的台账", en="the register to match with"))
    match: tuple[tuple[str, str], ...] = reads(
        "match", Text(zh="对应的字段", en="the columns that must agree: [col] or {this: register}")
    )
    amount: str | None = reads(
        "register column", Text(zh="台账中的金额", en="the register's amount, summed"), default=None
    )
    only: sql.Expr | None = reads(
        "register condition", Text(zh="只计哪些台账记录", en="which rows of the register count"), default=None
    )
    must: str = reads(
        "choice",
        Text(zh="须恰好相等还是不少于", en="exact (default) or at_least"),
        default="exact",
        choices=("exact", "at_least"),
    )
    tolerance: sql.Expr = reads(
        "expression", Text(zh="允许差额", en="the difference that is still in order"), default=sql.number(0)
    )
    from_: sql.Expr | None = reads(
        "expression", Text(zh="起算", en="the moment from which `within` runs"), name="from", default=None
    )
    at: str | None = reads("register column", Text(zh="台账时间", en="the register's moment"), default=None)
    within: Duration | None = reads("duration", Text(zh="期限", en="how long the match may take"), default=None)

    @property
    def arithmetic(self) -> tuple[Text, ...]:
        return words.steps(amounts=self.left is not None, in_time=self.within is not None)

    def faults(self) -> Sequence[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        if (self.left is None) != (self.amount is None):
            found.append(("amount", "`left` and `amount` go together; leave both out to look for a row only"))
        if self.amount is not None and self.right.columns[self.amount].type not in _NUMBERS:
            found.append(("amount", "is not a number"))
        if self.left is None and self.must != "exact":
            found.append(("must", "there is no amount to compare; name `left` and `amount`"))
        if self.within is not None and self.within.unit not in ("days", "months"):
            found.append(("within", "must be in days or months; other limits are a `deadline`"))
        if (self.within is None) != (self.from_ is None):
            found.append(("within", "`from` and `within` go together"))
        if self.within is not None and self.at is None:
            found.append(("at", "is needed to tell what came `within` the time"))
        if self.at is not None and self.right.columns[self.at].type not in _TIMES:
            found.append(("at", "is not a moment"))
        return found

    def reaches_back_to(self, first: date, last: date) -> date | None:
        """The `from` of a row of which the time was over with the last day before the period: it can be late since."""
        return None if self.within is None else day_before(first - timedelta(days=1), self.within)

    def judge(self, setting: Setting) -> Judgement:
        own = {f"match_{number}": setting.own(name) for number, (name, _) in enumerate(self.match, 1)}
        keys = [sql.column(name) for name in own]
        columns = {**own, "left_amount": sql.number(1) if self.left is None else self.left}
        columns["tolerated"] = self.tolerance if self.left is not None else sql.number(0)
        blank = [sql.is_null(sql.column(name)) for name in ("in_scope", "left_amount", "tolerated")]
        if self.from_ is not None:
            columns["from_at"] = sql.moment(self.from_)
            blank.append(sql.is_null(sql.column("from_at")))
        alike = [sql.column("usable"), *keys]
        matter: dict[str, sql.Expr] = {
            "untold": sql.among(exp.Max(this=sql.either(*blank)), alike),
            "owed": self._owed(alike),
        }
        if self.from_ is not None:
            matter["counted_from"] = sql.among(exp.Max(this=sql.column("from_at")), alike)
        usable = sql.both(sql.coalesce(sql.column("in_scope"), exp.true()), *(sql.is_known(key) for key in keys))
        stages = [Stage(columns={"usable": usable}), Stage(columns=matter), self._matched(setting)]
        lacking = self._short(sql.column("matched"))
        facts: dict[str, sql.Expr] = {"found": sql.column("found")}
        if self.at is not None:
            facts["first_right_at"] = sql.column("first_right_at")
        if self.within is not None:
            due = sql.day(sql.later(sql.day(sql.column("counted_from")), self.within))
            stages += [Stage(columns={"due": due}), self._in_time()]
            facts["due"] = sql.column("due")
            lacking = sql.case((sql.negate(self._over(setting)), exp.false()), otherwise=self._late())
        wrong = lacking
        if self.left is not None:
            if self.must == "exact":
                wrong = sql.either(lacking, self._too_much())
            facts |= {"owed": sql.column("owed"), "matched": sql.column("matched")}
            facts["difference"] = sql.minus(sql.column("matched"), sql.column("owed"))
            if self.within is not None:
                facts["in_time"] = sql.column("in_time")
        doubt = sql.either(sql.negate(sql.column("usable")), sql.column("untold"), sql.column("doubtful"))
        violation = sql.case((doubt, exp.null()), otherwise=wrong)
        return Judgement(
            columns=columns,
            stages=tuple(stages),
            violation=violation,
            reported=sql.both(
                sql.column("in_period"),
                sql.coalesce(sql.column("in_scope"), exp.false()),
                sql.coalesce(violation, exp.false()),
            ),
            facts=facts,
            span=self._span(),
            looks_back=True,
            metric="found" if self.left is None else "difference",
            value=facts["found"] if self.left is None else facts["difference"],
            registers={self.right.name: self._evidence(setting)},
        )

    def _owed(self, alike: Sequence[sql.Expr]) -> sql.Expr:
        """What the left rows of one matter add up to; a single row where only presence counts."""
        amount = sql.column("left_amount")
        return sql.number(1) if self.left is None else sql.among(exp.Sum(this=amount), alike)

    def _short(self, total: sql.Expr) -> sql.Expr:
        return sql.less(sql.plus(total, sql.column("tolerated")), sql.column("owed"))

    def _over(self, setting: Setting) -> sql.Expr:
        """Whether the time is over."""
        return sql.less(sql.column("due"), sql.date_(setting.clock.as_of))

    def _late(self) -> sql.Expr:
        """Whether too little had come when the time was over; NULL where rows without a moment would decide it."""
        return sql.case(
            (self._short(sql.column("matched")), exp.true()),
            (sql.negate(self._short(sql.column("in_time"))), exp.false()),
            (sql.less(sql.number(0), sql.column("undated")), exp.null()),
            otherwise=exp.true(),
        )

    def _too_much(self) -> sql.Expr:
        return sql.less(sql.plus(sql.column("owed"), sql.column("tolerated")), sql.column("matched_by_period_end"))

    def conditions(self, setting: Setting, say: Speaker) -> Sequence[Condition]:
        own = tuple(setting.own(name) for name, _ in self.match)
        owed = own if self.left is None else (*own, self.left)
        register = {"register": self.right.label}
        short = Condition(
            text=(words.NONE if self.left is None else words.LESS).filled(**register),
            met=self._short(sql.column("matched")) if self.within is None else self._late(),
            about=owed,
        )
        if self.within is not None and self.from_ is not None:
            limit = words.TIME_OVER.filled(start=say.value(self.from_), length=self.within.text)
            time_over = Condition(text=limit, met=self._over(setting), about=(self.from_,))
            if self.left is None or self.must == "at_least":
                return [time_over, short]
            # Too much is a problem before the time is over, too.
            short = replace(short, met=sql.both(time_over.met, short.met), text=words.LESS_IN_TIME.filled(**register))
            short = replace(short, about=(*short.about, self.from_))
        if self.left is None or self.must == "at_least":
            return [short]
        over = Condition(text=words.MORE.filled(**register), met=self._too_much(), about=owed)
        return [choice(words.DIFFERS.filled(**register), [short, over])]

    def _span(self) -> tuple[sql.Expr, sql.Expr] | None:
        """From the row's moment to the first moment at which it can be late."""
        if self.from_ is None or self.within is None:
            return None
        last = sql.later(sql.day(self.from_), self.within)
        return sql.moment(self.from_), sql.later(last, Duration(1, "days"))

    def _evidence(self, setting: Setting) -> sql.Expr:
        """The rows of the right that a finding cites: those that count, or may."""
        same = [sql.equal(sql.column(theirs, "register"), setting.own(own)) for own, theirs in self.match]
        return sql.both(*same, sql.coalesce(self._counts("register"), exp.true()))

    def _right(self, name: str) -> sql.Expr:
        return sql.column(name, _RIGHT)

    def _counts(self, alias: str = _RIGHT) -> sql.Expr:
        """Whether a row of the right counts; NULL where `only` cannot be told. Its columns are all of the right."""
        if self.only is None:
            return exp.true()

        def entry(node: sql.Expr) -> sql.Expr:
            return sql.column(node.name, alias) if isinstance(node, exp.Column) else node

        return self.only.transform(entry)

    def _amount(self) -> sql.Expr:
        return sql.number(1) if self.amount is None else self._right(self.amount)

    def _rows(self, *conditions: sql.Expr) -> exp.Select:
        """The rows of the right by the columns of `match`, those without a blank in them."""
        names = [exp.alias_(self._right(theirs), f"theirs_{n}") for n, (_, theirs) in enumerate(self.match, 1)]
        known = [sql.is_known(self._right(theirs)) for _, theirs in self.match]
        wanted = sql.both(*known, sql.coalesce(self._counts(), exp.true()), *conditions)
        return exp.select(*names).from_(sql.relation(self.right.name, _RIGHT)).where(wanted)

    def _matched(self, setting: Setting) -> Stage:
        """All rows of the right up to the as-of day, one line a matter."""
        amount, conditions, early = self._amount(), list[sql.Expr](), exp.true()
        dated: sql.Expr = exp.true()
        if self.at is not None:
            at = sql.moment(self._right(self.at))
            conditions.append(sql.coalesce(sql.less(at, setting.clock.end), exp.true()))
            early = sql.coalesce(sql.less(at, setting.clock.period_end), exp.true())
            dated = sql.is_known(at)
        doubtful = sql.either(sql.is_null(amount), sql.is_null(self._counts()))
        keys = [self._right(theirs) for _, theirs in self.match]
        totals: dict[str, sql.Expr] = {
            "n": exp.Count(this=exp.Star()),
            "total": exp.Sum(this=amount),
            "early": exp.Sum(this=sql.case((early, amount), otherwise=sql.number(0))),
            "doubtful": exp.Max(this=doubtful),
            "undated": exp.Sum(this=sql.case((dated, sql.number(0)), otherwise=sql.number(1))),
        }
        if self.at is not None:
            totals["first_at"] = exp.Min(this=sql.moment(self._right(self.at)))
        query = self._rows(*conditions).select(*(exp.alias_(value, name) for name, value in totals.items()))
        columns = {
            name: sql.coalesce(sql.column(total, _MATCHED), nothing)
            for name, total, nothing in (
                ("found", "n", sql.number(0)),
                ("matched", "total", sql.number(0)),
                ("matched_by_period_end", "early", sql.number(0)),
                ("undated", "undated", sql.number(0)),
                ("doubtful", "doubtful", exp.false()),
            )
        }
        if self.at is not None:
            columns["first_right_at"] = sql.column("first_at", _MATCHED)
        joined = Joined(alias=_MATCHED, relation=query.group_by(*keys), on=self._same_matter(_MATCHED))
        return Stage(columns=columns, joins=(joined,))

    def _in_time(self) -> Stage:
        """What the right had added up to when the time was over: of its running sums the one that held then."""
        if self.at is None:
            raise ValueError("a reconcile with `within` has `at`")
        at, over = sql.column("at", _IN_TIME), sql.later(sql.column("due"), Duration(1, "days"))
        moment = sql.moment(self._right(self.at))
        keys = [self._right(theirs) for _, theirs in self.match]
        by_moment = self._rows(sql.is_known(moment)).select(
            exp.alias_(moment, "at"), exp.alias_(exp.Sum(this=self._amount()), "amount")
        )
        by_moment = by_moment.group_by(*keys, moment).subquery(_BY_MOMENT)
        names = [f"theirs_{number}" for number in range(1, len(self.match) + 1)]
        alike, order = [sql.column(name, _BY_MOMENT) for name in names], [sql.column("at", _BY_MOMENT)]
        so_far = sql.frame("ROWS", "UNBOUNDED", "PRECEDING", "CURRENT ROW", None)
        running = exp.select(
            *alike,
            *order,
            exp.alias_(sql.in_order(exp.Sum(this=sql.column("amount", _BY_MOMENT)), alike, order, so_far), "amount"),
            exp.alias_(sql.in_order(exp.Lead(this=order[0].copy()), alike, order), "until"),
        ).from_(by_moment)
        holds = sql.coalesce(sql.at_most(over, sql.column("until", _IN_TIME)), exp.true())
        on = sql.both(self._same_matter(_IN_TIME), sql.less(at, over), holds)
        in_time = sql.coalesce(sql.column("amount", _IN_TIME), sql.number(0))
        return Stage(columns={"in_time": in_time}, joins=(Joined(alias=_IN_TIME, relation=running, on=on),))

    def _same_matter(self, alias: str) -> sql.Expr:
        numbers = range(1, len(self.match) + 1)
        return sql.both(*(sql.equal(sql.column(f"theirs_{n}", alias), sql.column(f"match_{n}")) for n in numbers))

    def sentence(self, say: Speaker) -> Text:
        matched = words.MATCHED.filled(pairs=say.labels.pairs(self.match, self.right), register=self.right.label)
        if self.only is not None:
            matched = words.COUNTED.filled(matched=matched, condition=say.of(self.right).condition(self.only))
        limit = Text(zh="", en="")
        if self.within is not None and self.from_ is not None:
            limit = Text(zh="自{start}起{length}内", en=" within {length} after {start}").filled(
                start=say.value(self.from_), length=self.within.text
            )
        if self.left is None or self.amount is None:
            return words.ROWS.filled(matched=matched, limit=limit)
        over, allowed = Text(zh="", en=""), Text(zh="", en="")
        if self.must != "at_least":
            over = Text(zh="，或者合计多出", en=", or add up to more")
        if sql.words(self.tolerance) != "0":
            spare = Text(zh="（允许差额 {spare}）", en=" (give or take {spare})")
            allowed = spare.filled(spare=say.value(self.tolerance))
        return words.AMOUNTS.filled(
            matched=matched,
            amount=say.of(self.right).own(self.amount),
            limit=limit,
            left=say.value(self.left),
            over=over,
            allowed=allowed,
        )
