"""A run as the office ledger: its lists, the tables beside them, and the sheet that explains."""

from auditor.core.masks import Masks
from auditor.core.office_ledger import OfficeLedger, Part
from auditor.core.result import Run
from auditor.core.text import Language, Text
from auditor.report.book import Book
from auditor.report.labels import agency_word
from auditor.report.ledger.columns import COLUMNS
from auditor.report.ledger.entries import entries
from auditor.report.ledger.tables import plan_items, rules, units

PARTS = (
    Part(
        name=Text(zh="违反规定", en="Violations"),
        note=Text(
            zh="违反规定：记录本身即可证明，以记录真实为前提", en="Violations: proved by the record, if it is right"
        ),
    ),
    Part(
        name=Text(zh="线索", en="Leads"),
        note=Text(zh="线索不等于违法，须核查后认定", en="Leads are not violations: they have to be looked into"),
    ),
    Part(
        name=Text(zh="试行规则", en="Rules on trial"),
        note=Text(zh="试行规则的发现，不计入任何总数", en="What rules on trial found: in no total"),
    ),
)

_TITLE = Text(zh="道路交通安全和运输执法领域突出问题台账", en="Ledger of problems in traffic and transport enforcement")
_ABOUT: tuple[tuple[Text, Text], ...] = (
    (
        Text(zh="本表是什么", en="What this is"),
        Text(
            zh="一次审计的问题台账，一项发现一行。违反规定、线索、试行规则分表，不得相加。"
            "线索由统计或模式得出，不等于违法，须核查后认定。",
            en="The ledger of one audit, a line a finding. Violations, leads and rules on trial have sheets of their "
            "own and are never added up. A lead comes from statistics or patterns and is no violation.",
        ),
    ),
    (
        Text(zh="如何使用", en="How to use it"),
        Text(
            zh="浅黄色表头的各列由单位填写；核查结果、整改进度从列表中选择，期限和日期填写真正的日期。"
            "销号须有依据，验收人不得是整改责任人本人。本表不会被程序读回。",
            en="The office fills in the columns with yellow heads: result and progress from their lists, dates as "
            "dates. Striking off needs grounds, and someone other than the owner. This workbook is not read back.",
        ),
    ),
    (
        Text(zh="整改期限", en="Deadlines"),
        Text(
            zh="留空由单位确定：整治方案要求一般问题立行立改，其余列明时间表、责任人，没有规定天数。",
            en="Left to the office: the plan wants general problems put right at once and the others with a timetable "
            "and an owner, and fixes no number of days.",
        ),
    ),
    (
        Text(zh="责任人一列", en="Officers"),
        Text(
            zh="仅列记录中载明的执法人员，不是责任认定。",
            en="Those whom the record names. It is no finding of fault.",
        ),
    ),
)
_MASKED = Text(
    zh="当事人的证件号、姓名、电话、号牌等已脱敏；单位与执法人员为审计对象，编号保留。",
    en="Ids, names, phones and plates of parties are masked; units and officers stay readable.",
)
_IN_FULL = Text(
    zh="本表含未脱敏的个人信息，仅限内部核查使用，不得外传。",
    en="This workbook holds personal data in full: for internal verification only, do not pass on.",
)


def office_ledger(run: Run, *, language: Language, personal: bool) -> OfficeLedger:
    """The ledger in one language; personal values are masked unless `personal`."""
    book = Book(run, Masks(masked=not personal))
    about = [
        (Text(zh="审计期间", en="Period"), run.period.label),
        (Text(zh="事实截至", en="Facts up to"), run.as_of.isoformat()),
        (
            Text(zh="受审机关", en="Agencies"),
            ", ".join(agency_word(agency).in_(language) for agency in run.agencies),
        ),
        (Text(zh="规则库", en="Rulebook"), run.rulebook_sha256[:12]),
        (Text(zh="个人信息", en="Personal data"), (_IN_FULL if personal else _MASKED).in_(language)),
        *((label, text.in_(language)) for label, text in _ABOUT),
        *((column.head, column.means.in_(language)) for column in COLUMNS if column.means.zh),
    ]
    return OfficeLedger(
        title=_TITLE,
        columns=COLUMNS,
        parts=PARTS,
        entries=entries(book, language),
        tables=(units(book, language), rules(book, language), plan_items(book, language)),
        about=tuple((label.in_(language), text) for label, text in about),
        with_csv=book.with_csv,
    )
