"""Which article was in force on a day, and how far anyone has verified it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from auditor.core.result import Article
from auditor.core.text import Text

MARKS: dict[str, Text] = {
    "V": Text(zh="", en=""),
    "V2": Text(zh="据二手页面，未核对原文", en="seen on a secondary page, not checked against the full text"),
    "P": Text(zh="本项目默认值，并非法律规定", en="a default of this project, not law"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """An article as printed; `in_force` is said of the days it was looked up for."""

    article: Article
    span: Text
    mark: Text
    in_force: bool


def in_force(article: Article, day: date) -> bool:
    return (article.from_ is None or article.from_ <= day) and (article.until is None or day <= article.until)


def cite(articles: Iterable[Article], days: Iterable[date]) -> list[Cited]:
    """Every article, those in force on one of the days first, in the order the rule gives them."""
    wanted = sorted(set(days))
    cited = [
        Cited(
            article=article,
            span=span(article),
            mark=MARKS[article.mark],
            in_force=any(in_force(article, day) for day in wanted),
        )
        for article in articles
    ]
    return sorted(cited, key=lambda one: not one.in_force)


def span(article: Article) -> Text:
    """From when to when the article is in force, in words."""
    match article.from_, article.until:
        case None, None:
            return Text(zh="", en="")
        case start, None:
            return Text(zh=f"{start} 起施行", en=f"in force since {start}")
        case None, end:
            return Text(zh=f"施行至 {end}", en=f"in force until {end}")
        case start, end:
            return Text(zh=f"{start} 至 {end} 施行", en=f"in force {start} to {end}")
