"""The numbering test: documents of a series whose numbers are missing, used twice or out of time order.

A gap is told of the row before which the numbers are missing, not of the one after which they are: only with the later
number is a gap there to see, and so the later document places it in a period.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from auditor.core.schema import SOURCE_FILE, SOURCE_ROW
from auditor.core.text import Text, run_on
from auditor.kinds import sql
from auditor.kinds.base import IS_LATER, FactSpec, Judgement, RowKind, Stage, kind, reads
from auditor.kinds.company import Beside, Numbered
from auditor.kinds.conditions import Condition, choice
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker

_REST = "[^0-9]*$"
_AFTER = "([^0-9]*)$"


_NUMBERED = Text(zh="{number}中有可以排序的号码", en="{number} holds a number that can be put in order")
_REUSED = Text(zh="{number}有另一条记录使用", en="another row bears the same {number}")
_LACKS = Text(zh="此号之前缺少 1 至 {most} 个{number}", en="1 to {most} numbers are missing before this {number}")
_ISSUED_EARLIER = Text(zh="{issued}早于前一号的", en="its {issued} is before that of the last number")
_BROKEN = Text(zh="{number}不连续", en="the series of {number} is broken")


@kind("gap")
@dataclass(frozen=True, kw_only=True)
class Gap(RowKind):
    """Flags a document whose number leaves numbers out after the one before it in its series, a number that several
    documents bear, and, with `order_by`, a number issued earlier than the number before it.

    The number is the last run of digits in `number` (01000145, 交罚〔2024〕145号), or its last `digits` digits where a
    region or year stands before them; the text round it belongs to the series, together with `series`. Leading zeros
    don't tell numbers apart. A series may begin anywhere. A gap of exactly `at_most` numbers is reported; one wider
    makes the row unknown, as it speaks of an extract or a new book of forms rather than of missing documents. The
    whole history is read, so no gap is lost at the edge of a month; of a number used twice all its documents are
    reported as soon as one of the period bears it. A document dated after the period is judged in its own, but its
    number is not missing, and it stands in front of the next; that it bears a number too is told then. Of neighbours
    on one day none is earlier, where `order_by` is known to the day only.

    Not to be used on an extract of part of a register (one unit, one month, one sort of case, unless that has its own
    series), and `where` must not leave out documents that use up a number, such as withdrawn ones: each would look
    like a gap. Spoiled forms and forms issued to other units have to be ruled out by hand.

    NULL: a blank `number` or `series`, or a number without digits or with more than 18, makes the row unknown, and it
    fills no gap. A row of which `where` does not tell whether it is looked at is unknown too, but its number is not
    missing; it makes no other row one of two with the same number, or one out of order. A blank `order_by` on either
    side leaves the order untold: the row is unknown unless it is flagged for something else.
    """

    misses_rows = True
    example = """\
number: doc_no
series: [unit_id]
at_most: 20
"""

    fact_specs = {
        "missing_from": FactSpec(type="string", doc=Text(zh="缺号起", en="the first missing number")),
        "missing_to": FactSpec(type="string", doc=Text(zh="缺号止", en="the last missing number")),
        "missing_count": FactSpec(type="int", doc=Text(zh="缺号数", en="how many numbers are missing")),
        "reused": FactSpec(type="bool", doc=Text(zh="是否重号", en="whether several documents bear the number")),
        "bearers": FactSpec(type="int", doc=Text(zh="使用该号的文书数", en="how many documents bear the number")),
        "out_of_order": FactSpec(
            type="bool", doc=Text(zh="是否倒号", en="whether it was issued before the number in front of it")
        ),
        "previous": FactSpec(type="string", doc=Text(zh="前一文号", en="the document number before it")),
    }
    arithmetic_steps = (
        Text(
            zh="前一文号 {previous}；缺 {missing_count} 个号：{missing_from} 至 {missing_to}；"
            "使用该号的文书 {bearers} 份",
            en="number before: {previous}; {missing_count} missing, {missing_from} to {missing_to}; "
            "documents with this number: {bearers}",
        ),
    )

    number: sql.Expr = reads("expression", Text(zh="文书编号", en="the serial number of the document"))
    series: tuple[sql.Expr, ...] = reads(
        "expressions", Text(zh="编号序列", en="what has a numbering of its own: unit, kind of document"), default=()
    )
    digits: int | None = reads(
        "count",
        Text(zh="流水号位数", en="how many of the last digits are the number; all, if left out"),
        default=None,
    )
    order_by: sql.Expr | None = reads(
        "expression", Text(zh="开具时间", en="the moment of issue, to be in the order of the numbers"), default=None
    )
    at_most: int = reads(
        "count", Text(zh="缺号上限", en="the widest gap that is taken for missing documents"), default=100
    )

    def faults(self) -> Sequence[tuple[str, str]]:
        if self.digits is not None and self.digits > 18:
            return [("digits", "must be 18 or less")]
        return []

    def judge(self, setting: Setting) -> Judgement:
        text, serial = sql.column("number_text"), sql.column("serial")
        series = {f"series_{number}": part for number, part in enumerate(self.series, 1)}
        numbered = [sql.is_known(serial), *(sql.is_known(sql.column(name)) for name in series)]
        usable = sql.both(sql.coalesce(sql.column("in_scope"), exp.false()), *numbered)
        there = sql.both(sql.coalesce(sql.column("in_scope"), exp.true()), *numbered)
        alike = [sql.column(name) for name in ("there", "before_serial", "after_serial", *series)]
        columns = {"number_text": sql.cast_to(self.number, "text"), **series}
        order = [serial, *(sql.column(name) for name in (IS_LATER, "row_key", "source_file", "source_row"))]
        if self.order_by is not None:
            issued = sql.day(self.order_by) if setting.is_coarse(self.order_by) else sql.moment(self.order_by)
            columns["issued_at"] = issued
            order.insert(2, sql.column("issued_at"))
        before = {"previous_serial": serial, "previous_text": text}
        before |= {"previous_file": sql.column("source_file"), "previous_row": sql.column("source_row")}
        if self.order_by is not None:
            before |= {"previous_issued_at": sql.column("issued_at"), "previous_usable": sql.column("usable")}
        missing = sql.minus(sql.minus(serial, sql.column("previous_serial")), sql.number(1))
        same_number = [*alike, serial]
        bears = sql.both(sql.column("usable"), sql.negate(sql.column(IS_LATER)))
        steps: tuple[dict[str, sql.Expr], ...] = (
            {"serial_text": sql.extracted(text, f"([0-9]{self._run}){_REST}")},
            {
                "after_serial": sql.case((_ends_in_digit(text), sql.text("")), otherwise=sql.extracted(text, _AFTER)),
                "serial": sql.number_or_null(sql.column("serial_text"), "bigint"),
            },
            {
                "before_serial": _begin(text, sql.column("serial_text"), sql.column("after_serial")),
                "usable": usable,
                "there": there,
            },
            {
                "bearers": sql.among(exp.Count(this=sql.case((bears, serial))), same_number),
                "borne_in_period": sql.among(
                    exp.Max(this=sql.both(sql.column("in_period"), sql.column("usable"))), same_number
                ),
                **{name: sql.previous(value, alike, order) for name, value in before.items()},
            },
            {"missing": sql.coalesce(sql.case((sql.less(sql.number(0), missing), missing)), sql.number(0))},
            {
                "reused": sql.less(sql.number(1), sql.column("bearers")),
                "lacks": sql.less(sql.number(0), sql.column("missing")),
                "out_of_order": self._disordered(),
            },
        )
        too_wide = sql.less(sql.number(self.at_most), sql.column("missing"))
        reused, lacks, disordered = sql.column("reused"), sql.column("lacks"), sql.column("out_of_order")
        flagged = sql.either(reused, sql.both(lacks, sql.negate(too_wide)), disordered)
        certain = sql.either(reused, sql.coalesce(disordered, exp.false()))
        violation = sql.case(
            (sql.negate(sql.column("usable")), exp.null()),
            (certain, exp.true()),
            (too_wide, exp.null()),
            otherwise=flagged,
        )
        told = sql.both(lacks, sql.negate(too_wide))
        neighbour = sql.both(
            sql.equal(sql.column(SOURCE_FILE, "register"), sql.column("previous_file", "f")),
            sql.equal(sql.column(SOURCE_ROW, "register"), sql.column("previous_row", "f")),
        )
        return Judgement(
            columns=columns,
            stages=tuple(Stage(columns=step) for step in steps),
            violation=violation,
            reported=sql.both(
                sql.column("usable"),
                sql.coalesce(violation, exp.false()),
                sql.either(
                    sql.column("in_period"),
                    sql.both(reused, sql.column("borne_in_period"), sql.negate(sql.column(IS_LATER))),
                ),
            ),
            facts={
                "missing_from": sql.case((told, self._number(sql.plus(sql.column("previous_serial"), sql.number(1))))),
                "missing_to": sql.case((told, self._number(sql.minus(serial, sql.number(1))))),
                "missing_count": sql.case((told, sql.column("missing")), otherwise=sql.number(0)),
                "reused": reused,
                "bearers": sql.column("bearers"),
                "out_of_order": disordered,
                "previous": sql.column("previous_text"),
            },
            metric="missing_count",
            value=sql.case((told, sql.column("missing")), otherwise=sql.number(0)),
            threshold=0,
            registers={setting.scope.table.name: neighbour},
            company=self._company(alike, list(series)),
            looks_ahead=True,
        )

    def _company(self, alike: Sequence[sql.Expr], series: Sequence[str]) -> Beside:
        """A number that follows the one before it, and that nobody else bears, is in order."""
        serial, previous = sql.column("serial"), sql.column("previous_serial")
        follows = sql.equal(sql.minus(serial, previous), sql.number(1))
        suspect = [
            sql.negate(sql.coalesce(follows, sql.is_null(previous))),
            sql.coalesce(sql.equal(serial, sql.column("next_serial")), exp.false()),
        ]
        compare = {"serial": serial}
        if self.order_by is not None:
            issued = sql.column("issued_at")
            compare["issued_at"] = issued
            suspect += [
                sql.coalesce(sql.less(issued, sql.column("previous_issued_at")), exp.true()),
                sql.coalesce(sql.equal(previous, sql.column("second_serial")), exp.false()),
            ]
        return Beside(
            blank=sql.either(*(sql.is_null(sql.column(name)) for name in ("number_text", *series))),
            usable=sql.column("usable"),
            by=tuple(alike[1:]),
            there=sql.column("there"),
            order=serial,
            compare=compare,
            suspect=sql.either(*suspect),
            numbered=self._numbered(series),
        )

    def _numbered(self, series: Sequence[str]) -> Numbered | None:
        """One digit counts up to ten only, and where the order of issue matters each row has to be looked at."""
        if self.order_by is not None or self.digits == 1:
            return None
        return Numbered(text=sql.column("number_text"), series=tuple(sql.column(name) for name in series))

    @property
    def _run(self) -> str:
        """How many digits the number has, as a regular expression says it."""
        return "+" if self.digits is None else f"{{{self.digits}}}"

    def _disordered(self) -> sql.Expr:
        if self.order_by is None:
            return exp.false()
        first = sql.is_null(sql.column("previous_serial"))
        sure = sql.case((sql.column("previous_usable"), exp.true()))
        earlier = sql.both(sql.less(sql.column("issued_at"), sql.column("previous_issued_at")), sure)
        untold = sql.case((sql.is_known(sql.column("issued_at")), exp.false()))
        return sql.case((first, untold), otherwise=earlier)

    def _number(self, serial: sql.Expr) -> sql.Expr:
        """A number written as the row's own is. It is smaller, so the row's width holds it."""
        written = sql.padded(sql.cast_to(serial, "text"), exp.Length(this=sql.column("serial_text")))
        return sql.run_together(sql.column("before_serial"), written, sql.column("after_serial"))

    def conditions(self, setting: Setting, say: Speaker) -> Sequence[Condition]:
        number = say.value(self.number)
        missing = sql.column("missing")
        few = sql.both(sql.column("lacks"), sql.at_most(missing, sql.number(self.at_most)))
        ways = [
            Condition(text=_REUSED.filled(number=number), met=sql.column("reused"), about=(self.number,)),
            Condition(text=_LACKS.filled(number=number, most=self.at_most), met=few, about=(self.number,)),
        ]
        if self.order_by is not None:
            early = _ISSUED_EARLIER.filled(issued=say.value(self.order_by))
            ways.append(Condition(text=early, met=sql.column("out_of_order"), about=(self.order_by,)))
        numbered = Condition(
            text=_NUMBERED.filled(number=number),
            met=sql.is_known(sql.column("serial")),
            role="scope",
            about=(self.number,),
        )
        return [numbered, choice(_BROKEN.filled(number=number), ways)]

    def sentence(self, say: Speaker) -> Text:
        series = Text(zh="", en="")
        within = Text(zh="", en="")
        if self.series:
            names = say.values(self.series)
            series = Text(zh="按{names}分别", en="").filled(names=names)
            within = Text(zh="", en=" within {names}").filled(names=names)
        parts = [
            Text(
                zh="{number}{series}连续编号，缺号（不超过 {most} 个）或者重号的，即予列出",
                en="flags a {number} used twice, or with up to {most} numbers missing before it{within}",
            ).filled(number=say.value(self.number), series=series, within=within, most=self.at_most)
        ]
        if self.order_by is not None:
            early = Text(
                zh="{issued}早于前一号的，也予列出",
                en="and one whose {issued} is before that of the last number",
            )
            parts.append(early.filled(issued=say.value(self.order_by)))
        return run_on(parts, Text(zh="；", en="; "))


def _ends_in_digit(text: sql.Expr) -> sql.Expr:
    """Most numbers do, and what comes after them need not be searched for."""
    last = exp.Right(this=text.copy(), expression=sql.number(1))
    return exp.Between(this=last, low=sql.text("0"), high=sql.text("9"))


def _begin(text: sql.Expr, *ends: sql.Expr) -> sql.Expr:
    """What is left of a text without what it ends in."""
    length: sql.Expr = exp.Length(this=text.copy())
    for end in ends:
        length = sql.minus(length, exp.Length(this=end.copy()))
    return exp.Left(this=text.copy(), expression=sql.wrap(length))
