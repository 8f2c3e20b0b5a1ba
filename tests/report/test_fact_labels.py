"""What a fact is called: by its column, by its own name, or by both."""

import pytest

from auditor.core.fact import Fact
from auditor.core.text import Text
from auditor.report.fact_labels import fact_label
from tests.specimen import card

CALLED = card("a.rule", facts={"other_place": Text("前一地点", "the earlier place"), "overdue": Text("逾期", "late")})


@pytest.mark.parametrize(
    ("name", "column", "said"),
    [
        ("plate_no", "cases.plate_no", "号牌号码"),
        ("case.decided_at", "cases.decided_at", "决定时间"),
        ("other_place", "cases.domain", "前一地点（领域）"),
        ("other_place", None, "前一地点"),
        ("other_place", "no_table.no_column", "前一地点"),
        ("overdue", None, "逾期"),
        ("unheard_of", None, "unheard_of"),
        ("first", "cases.officer_id", "主办人员"),
    ],
)
def test_a_fact_is_called_as_its_column_and_by_its_own_name_where_it_only_repeats_one(
    name: str, column: str | None, said: str
) -> None:
    assert fact_label(Fact(name=name, type="string", value="x", column=column), CALLED).zh == said


def test_without_the_rule_at_hand_the_column_names_it() -> None:
    known = fact_label(Fact(name="other_place", type="string", value="x", column="cases.domain"), None)
    assert (known.zh, known.en) == ("领域", "domain")
