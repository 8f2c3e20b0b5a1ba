"""Articles: the one of the day, to the day, and how far it was verified said plainly."""

from datetime import date

import pytest

from auditor.core.result import Article
from auditor.report.articles import cite

OLD = Article(law="行政处罚法", article="第二十七条", from_=date(1996, 10, 1), until=date(2021, 7, 14))
NEW = Article(law="行政处罚法", article="第三十三条", from_=date(2021, 7, 15))


@pytest.mark.parametrize(
    ("day", "article"), [(date(2021, 7, 14), OLD), (date(2021, 7, 15), NEW), (date(2021, 7, 16), NEW)]
)
def test_the_article_of_the_day_comes_first(day: date, article: Article) -> None:
    cited = cite([OLD, NEW], [day])
    assert cited[0].article == article
    assert [one.in_force for one in cited] == [True, False]


def test_findings_on_both_sides_of_a_change_have_both() -> None:
    assert all(one.in_force for one in cite([OLD, NEW], [date(2021, 7, 14), date(2021, 7, 15)]))


@pytest.mark.parametrize(("mark", "said"), [("V", ""), ("V2", "secondary page"), ("P", "not law")])
def test_marks_are_words(mark: str, said: str) -> None:
    article = Article(law="l", article="a", mark=mark)  # type: ignore[arg-type]
    assert said in cite([article], [date(2024, 1, 1)])[0].mark.en
    assert (said == "") == (cite([article], [date(2024, 1, 1)])[0].mark.en == "")
