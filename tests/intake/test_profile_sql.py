"""A profile's small SQL: what an expression and a filter do to rows, and that nothing else can be said in it."""

from pathlib import Path

import pytest

from auditor.intake.columns.expression import RefusedError, parse_expression
from tests.intake.office import loaded, write_csv

PROFILE = """
profile: lots
tables:
  lots:
    files: [a.csv]
    where: name is not null and "状态" <> '作废'
    columns:
      lot_id: {sql: 'concat("区", ''-'', "号")'}
      name: [名称, 场名]
"""


def test_an_expression_an_alternative_and_a_filter_that_keeps_what_it_cannot_judge(data: Path, tmp_path: Path) -> None:
    text = PROFILE.replace("[名称, 场名]", "{from: [名称, 场名]}")
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    # The third row's state is not said: whether it is void cannot be judged, so it stays.
    rows = [["区", "号", "场名", "状态"], ["东", "1", "甲", "正常"], ["东", "2", "乙", "作废"], ["东", "3", "丙", ""]]
    write_csv(data / "a.csv", rows)
    result, store = loaded(data, tmp_path / "p.yaml")
    assert store.rows("lots", "lot_id", "name") == [("东-1", "甲"), ("东-3", "丙")]
    [file] = result.inputs
    assert (file.rows, file.read, file.loaded, file.filtered, file.quarantined) == (4, 2, 2, 1, 0)


@pytest.mark.parametrize(
    "hostile",
    [
        "read_csv('/etc/passwd')",
        "(select 1)",
        "\"a\" in (select 1)",
        "exists(select 1)",
        "getenv('HOME')",
        "current_setting('x')",
        "\"a\"; drop table cases",
        "\"a\" -- x",
        "\"a\" /* x */",
        "count(*)",
        "sum(\"a\") over ()",
        "\"t\".\"a\"",
        "\"a\" = null",
        "cast(\"a\" as json)",
        "regexp_extract(\"a\", '(')",
        "a",
        "*",
        "(" * 500 + "1" + ")" * 500,
    ],
)  # fmt: skip
def test_what_is_refused(hostile: str) -> None:
    with pytest.raises(RefusedError):
        parse_expression(hostile, None)
