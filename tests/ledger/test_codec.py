"""Values as JSON and back: what does not fit its declared type is refused, never bent into shape."""

from dataclasses import dataclass
from datetime import date

import pytest

from auditor.core.codec import decode, dumps, encode
from auditor.core.result import Article


@dataclass(frozen=True, kw_only=True)
class Amounts:
    whole: int
    real: float
    words: tuple[str, ...] = ()


def test_dates_and_nothing_come_back() -> None:
    article = Article(law="道路交通安全法", article="第九十条", from_=date(2021, 4, 29))
    assert decode(Article, encode(article)) == article


def test_a_whole_number_may_stand_where_a_real_one_is_declared() -> None:
    assert decode(Amounts, {"whole": 1, "real": 2, "words": ["a"]}) == Amounts(whole=1, real=2.0, words=("a",))


@pytest.mark.parametrize(
    "data",
    [
        {"whole": True, "real": 1.0, "words": []},
        {"whole": "1", "real": 1.0, "words": []},
        {"whole": 1, "real": None, "words": []},
        {"whole": 1, "real": 1.0, "words": "ab"},
    ],
)
def test_a_value_of_another_type_is_refused(data: object) -> None:
    with pytest.raises(TypeError):
        decode(Amounts, data)


def test_a_missing_field_is_refused() -> None:
    with pytest.raises(KeyError, match="words"):
        decode(Amounts, {"whole": 1, "real": 1.0})


def test_a_word_outside_its_list_is_refused() -> None:
    with pytest.raises(ValueError, match="'X'"):
        decode(Article, {"law": "a", "article": "b", "from_": None, "until": None, "says": None, "mark": "X"})


def test_equal_mappings_make_equal_json() -> None:
    assert dumps({"b": 1, "a": (1, 2)}) == dumps({"a": [1, 2], "b": 1}) == '{"a":[1,2],"b":1}'


def test_what_no_run_holds_is_refused() -> None:
    with pytest.raises(TypeError, match="set"):
        encode({1})
