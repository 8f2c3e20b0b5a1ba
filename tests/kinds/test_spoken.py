"""Conditions in words, both languages: every construct that a rule file may use, and every expression of every rule."""

import re
from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.core.document import Scalar
from auditor.core.problem import Location
from auditor.core.schema import tables
from auditor.core.text import Text
from auditor.kinds import expression, sql
from auditor.kinds.base import fields_of
from auditor.kinds.negation import negated
from auditor.kinds.scope import Scope, With
from auditor.kinds.spoken import Speaker
from auditor.rulebook import Rule, load


def _with(alias: str, table: str, by: str, theirs: str, at: str | None) -> With:
    return With(alias=alias, table=tables()[table], match=((by, theirs),), valid_at=at)


JOINED = [
    _with("device", "cameras", "camera_id", "camera_id", "occurred_at"),
    _with("first", "officers", "officer_id", "officer_id", "occurred_at"),
    _with("second", "officers", "officer2_id", "officer_id", "occurred_at"),
    _with("then", "penalty_schedule", "violation_code", "violation_code", "occurred_at"),
    _with("later", "penalty_schedule", "violation_code", "violation_code", "decided_at"),
]
SCOPE = Scope(table=tables()["cases"], joined={one.alias: one for one in JOINED}, parameters={"cap": "200"})
LOG = Scope(table=tables()["case_events"])


def parsed(written: str, scope: Scope = SCOPE, *, condition: bool = True) -> sql.Expr:
    found = expression.parse(Scalar(written, Location("x")), scope, condition=condition)
    assert found.tree is not None, found.problems
    return found.tree


CONDITIONS = [
    ("capture = 'camera'", "采集方式是固定电子监控", "capture is camera"),
    ("capture <> 'camera'", "采集方式不是固定电子监控", "capture is not camera"),
    ("capture in ('camera', 'mobile')", "采集方式是固定电子监控或移动抓拍", "capture is camera or mobile"),
    ("capture not in ('camera', 'mobile')", "采集方式不是固定电子监控或移动抓拍", "capture is not camera or mobile"),
    ("decided_at is null", "决定时间没有记载", "“decided at” is not recorded"),
    ("decided_at is not null", "决定时间有记载", "“decided at” is recorded"),
    ("fine_amount > $cap", "罚款金额大于 200 元", "fine amount is more than 200 yuan"),
    ("200 < fine_amount", "罚款金额大于 200 元", "fine amount is more than 200 yuan"),
    ("points >= 6", "记分不小于 6", "points is at least 6"),
    ("points < 6", "记分小于 6", "points is less than 6"),
    ("points <= 6", "记分不大于 6", "points is at most 6"),
    ("points = 6", "记分等于 6", "points equals 6"),
    ("points <> 6", "记分不等于 6", "points does not equal 6"),
    ("points between 2 and 6", "记分在 2 至 6 之间（含两端）", "points is from 2 to 6 (both included)"),
    ("points not between 2 and 6", "记分不在 2 至 6 之间（含两端）", "points is not from 2 to 6 (both included)"),
    ("occurred_at >= '2021-07-15'", "违法时间不早于 2021-07-15", "“occurred at” is not before 2021-07-15"),
    ("occurred_at > '2021-07-15 08:30'", "违法时间晚于 2021-07-15 08:30", "“occurred at” is after 2021-07-15 08:30"),
    ("decided_at < served_at", "决定时间早于送达时间", "“decided at” is before “served at”"),
    ("decided_at <= served_at", "决定时间不晚于送达时间", "“decided at” is not after “served at”"),
    ("decided_at = served_at", "决定时间与送达时间相同", "“decided at” is the same as “served at”"),
    ("first_offence", "初次违法为“是”", "“first offence” is yes"),
    ("not first_offence", "初次违法为“否”", "“first offence” is no"),
    ("first_offence = false", "初次违法为“否”", "“first offence” is no"),
    ("first_offence is true", "初次违法为“是”（没有记载的不算）", "“first offence” is yes (not if that is blank)"),
    ("officer_id = officer2_id", "主办人员与协办人员相同", "officer id is the same as officer2 id"),
    ("officer_id <> officer2_id", "主办人员与协办人员不同", "officer id differs from officer2 id"),
    ("plate_no = '辽D12345'", "号牌号码是“辽D12345”", "plate no is “辽D12345”"),
    ("plate_no <> ''", "号牌号码不是空白文字", "plate no is not an empty text"),
    ("violation_name like '%超载%'", "违法行为含有“超载”", "violation name contains “超载”"),
    ("violation_name not like '超%'", "违法行为不以“超”开头", "violation name does not begin with “超”"),
    ("not violation_name like '超%'", "违法行为不以“超”开头", "violation name does not begin with “超”"),
    ("violation_name like '%载'", "违法行为以“载”结尾", "violation name ends in “载”"),
    ("violation_name like '许可%货运'", "违法行为是“许可…货运”", "violation name is “许可…货运”"),
    (
        "violation_name like '%5_以上%'",
        "违法行为含有“5□以上”（□ 为任意一字）",
        "violation name contains “5□以上” (□: any one character)",
    ),
    ("violation_name like '__'", "违法行为符合模式“__”", "violation name matches the pattern “__”"),
    (
        "violation_name like '%限行%' or violation_name like '%禁行%' or points > 3",
        "违法行为含有“限行”或“禁行”，或者记分大于 3",
        "violation name contains “限行” or “禁行”, or points is more than 3",
    ),
    (
        "not (violation_name like '%限行%' or violation_name like '%禁行%')",
        "违法行为不含“限行”或“禁行”",
        "violation name does not contain “限行” or “禁行”",
    ),
    (
        "status is null or status <> 'withdrawn'",
        "案件状态没有记载或者不是已撤销",
        "status is not recorded or is not withdrawn",
    ),
    (
        "points > 1 and (outcome = 'fine' or fine_amount > 0 and not corrected)",
        "记分大于 1，且（处理结果是罚款，或者（罚款金额大于 0 元，且是否改正为“否”））",
        "points is more than 1, and (outcome is fine, or (fine amount is more than 0 yuan, and “corrected” is no))",
    ),
    (
        "not (points > 1 and decided_at is null)",
        "记分不大于 1，或者决定时间有记载",
        "points is at most 1, or “decided at” is recorded",
    ),
    (
        "coalesce(fine_amount, 0) > 0",
        "罚款金额（没有记载的取 0 元）大于 0 元",
        "fine amount (where blank, 0 yuan) is more than 0 yuan",
    ),
    (
        "coalesce(gross_kg > limit_kg, false)",
        "总重大于限重（没有记载的不算）",
        "gross kg is more than limit kg (not if that is blank)",
    ),
    (
        "not coalesce(gross_kg > limit_kg, false)",
        "总重不大于限重（没有记载的也算）",
        "gross kg is at most limit kg (or if that is blank)",
    ),
    (
        "case when outcome is null then null when points > 3 then true else false end",
        "处理结果没有记载的，无法判断；记分大于 3 的，成立；其余不成立",
        "where outcome is not recorded, it cannot be told; where points is more than 3, yes; else no",
    ),
    (
        "fine_amount > case axles when 2 then 100 else 200 end",
        "罚款金额大于（轴数等于 2 的取 100 元，其余取 200 元）",
        "fine amount is more than (100 yuan where axles equals 2, else 200 yuan)",
    ),
    (
        "load_kg > approved_load_kg * (1 + 0.30)",
        "实际载质量大于核定载质量 × 1.3",
        "load kg is more than approved load kg × 1.3",
    ),
    (
        "fine_amount * 2 > (fine_amount - proposed_fine) * 3",
        "罚款金额 × 2 大于（罚款金额 − 拟处罚金额） × 3",
        "fine amount × 2 is more than (fine amount − proposed fine) × 3",
    ),
    (
        "abs(gross_kg - limit_kg) > -points",
        "（总重 − 限重）的绝对值大于−记分",
        "the absolute value of (gross kg − limit kg) is more than −points",
    ),
    (
        "greatest(decided_at, served_at) > least(filed_at, notified_at)",
        "决定时间和送达时间中最晚的晚于立案时间和违法告知时间中最早的",
        "the latest of “decided at” and “served at” is after the earliest of “filed at” and “notified at”",
    ),
    (
        "length(trim(plate_no)) < 7",
        "号牌号码（去掉首尾空格）的字数小于 7",
        "the number of characters of plate no (without blanks around it) is less than 7",
    ),
    (
        "lower(plate_no) <> upper(plate_no)",
        "号牌号码（按小写字母）与号牌号码（按大写字母）不同",
        "plate no (in lower case) differs from plate no (in upper case)",
    ),
    (
        "cast(occurred_at as date) < payment_due_on",
        "违法时间当日早于缴款期限",
        "the day of “occurred at” is before “payment due on”",
    ),
    ("occurred_at > cast(occurred_at as date)", "违法时间记载到时分", "“occurred at” is recorded with its hour"),
    (
        "device.published_at > occurred_at",
        "“监控设备台账”的公布时间晚于违法时间",
        "the cameras' “published at” is after “occurred at”",
    ),
    ("device.camera_id is null", "“监控设备台账”中没有对应的记录", "there is no matching row of cameras"),
    (
        "second.role = 'auxiliary'",
        "“执法人员（按协办人员）”的身份是辅助人员",
        "the role of the officers looked up by officer2 id is auxiliary",
    ),
    (
        "later.fine_max < fine_amount",
        "“裁量基准（决定时间时有效）”的罚款上限小于罚款金额",
        "the fine max of the penalty schedule in force at “decided at” is less than fine amount",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("written", "zh", "en"), CONDITIONS)
def test_a_condition_is_said_in_both_languages(written: str, zh: str, en: str) -> None:
    assert Speaker(SCOPE).condition(parsed(written)) == Text(zh=zh, en=en)


def test_every_word_that_an_expression_may_use_is_among_these_examples() -> None:
    used = {type(node) for written, _, _ in CONDITIONS for node in parsed(written).walk()}
    # A parameter has been replaced by its value; the value of a CASE branch's condition is an If.
    missing = {allowed.__name__ for allowed in expression.ALLOWED if allowed not in used}
    assert missing == {"Placeholder"}


def test_a_denied_pattern_is_a_denial_over_named_columns() -> None:
    tree = parsed("violation_name not like $cap")
    assert isinstance(tree, sql.exp.Not)
    assert [(column.table, column.name) for column in tree.find_all(sql.exp.Column)] == [("cases", "violation_name")]
    assert "200" in sql.render(tree)


def test_what_has_no_words_is_shown_as_code() -> None:
    untold = sql.exp.Anonymous(this="soundex", expressions=[sql.column("plate_no", "cases")])
    assert Speaker(SCOPE).value(untold) == Text(zh="`soundex(plate_no)`", en="`soundex(plate_no)`")


def test_a_change_log_speaks_of_the_fields_of_the_case_by_their_labels() -> None:
    said = Speaker(LOG).condition(parsed("field in ('fine_amount', '罚款金额', 'note')", LOG))
    assert said == Text(zh="字段是罚款金额、罚款金额或“note”", en="field is fine amount, fine amount or “note”")


def test_a_text_that_looks_like_sql_or_like_a_template_is_only_quoted() -> None:
    said = Speaker(SCOPE).condition(parsed("plate_no = 'a {b} 12中'"))
    assert said == Text(zh="号牌号码是“a {b} 12中”", en="plate no is “a {b} 12中”")


# The rules themselves

QUOTED = re.compile("“[^”]*”")
RULES = load().rules


def _expressions(rule: Rule) -> Iterator[tuple[Speaker, sql.Expr, bool]]:
    """Every expression of a rule, who says it, and whether it is a condition."""
    say = Speaker(rule.scope)
    if rule.where is not None:
        yield say, rule.where, True
    for spec in fields_of(type(rule.kind)).values():
        value = getattr(rule.kind, spec.attribute)
        many = value if spec.how in ("conditions", "expressions") else [value]
        if spec.how == "spans":
            many = [end for span in value for end in span]
        elif spec.how not in ("condition", "conditions", "expression", "expressions", "register condition"):
            continue
        for tree in many:
            if tree is not None:
                yield say, tree, spec.how.endswith(("condition", "conditions"))


def _raw(said: Text, names: set[str]) -> list[str]:
    """What is left of SQL or of names outside quotation marks."""
    zh, en = QUOTED.sub("", said.zh), QUOTED.sub("", said.en)
    found = [word for word in re.findall(r"[A-Za-z_]{2,}", zh) if word in names or "_" in word]
    found += [word for word in re.findall(r"\w+", en) if "_" in word and word.isascii()]
    sql_words = re.findall(r"`|\b(?:IS NULL|NOT|CASE|WHEN|LIKE|COALESCE|CAST|AND|OR)\b|<>|[<>=]", zh + en)
    return found + sql_words


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule_id)
def test_every_expression_of_every_rule_is_said_without_a_name_or_a_word_of_sql(rule: Rule) -> None:
    names = {name for table in tables().values() for name in table.columns} - {"by", "at", "of"}
    said = [say.condition(tree) if is_condition else say.value(tree) for say, tree, is_condition in _expressions(rule)]
    assert [left for text in said for left in _raw(text, names)] == []
    if rule.kind.name != "composite":  # names rules, which have ids
        assert _raw(rule.sentence, names) == []


# Negation is exact

TRUTH = [
    "points > 3",
    "points is null",
    "first_offence",
    "points in (1, 5)",
    "coalesce(points > 3, false)",
    "null",
    "true",
]
CHAIN = st.recursive(
    st.sampled_from(TRUTH).map(parsed),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: sql.both(*pair)),
        st.tuples(inner, inner).map(lambda pair: sql.either(*pair)),
        inner.map(sql.negate),
        st.tuples(inner, inner, inner).map(lambda three: sql.case((three[0], three[1]), otherwise=three[2])),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(tree=CHAIN)
def test_the_opposite_holds_exactly_where_the_condition_does_not(tree: sql.Expr) -> None:
    differs = sql.exp.NullSafeNEQ(this=sql.wrap(negated(tree)), expression=sql.wrap(sql.negate(tree)))
    with duckdb.connect() as database:
        database.execute("create table cases (points integer, first_offence boolean)")
        database.execute(
            "insert into cases select * from (values (1), (4), (5), (null)), (values (true), (false), (null))"
        )
        found = sql.exp.select(sql.exp.Count(this=sql.exp.Star())).from_("cases").where(differs)
        assert database.execute(sql.render(found)).fetchone() == (0,)
