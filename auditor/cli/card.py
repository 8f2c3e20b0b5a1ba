"""A rule in words on a screen."""

import json
from dataclasses import asdict

from auditor.core.result import Article, RuleCard
from auditor.core.text import Language, Text
from auditor.report.labels import CERTAINTY, LEVEL, STATUS

_MARK = {
    "V": Text(zh="已核对原文", en="read in full text"),
    "V2": Text(zh="据二手来源", en="from a secondary source"),
    "P": Text(zh="本项目默认值，非法律规定", en="a default of this project, not law"),
}


def card_lines(card: RuleCard, language: Language) -> list[str]:
    """Title, grounds, what is done, its parameters, when it is wrong, how to verify, and the SQL last."""

    def word(zh: str, en: str) -> str:
        return Text(zh=zh, en=en).in_(language)

    lines = [
        f"{card.rule_id}  {card.title.in_(language)}",
        f"  {LEVEL[card.level].word.in_(language)} · {CERTAINTY[card.certainty].word.in_(language)} · "
        f"{STATUS[card.status].in_(language)} · {', '.join(card.covers)} · {card.source}",
        "",
        f"{word('依据', 'Grounds')}",
        *(f"  {line}" for article in card.basis for line in article_lines(article, language)),
        word("理由", "Why"),
        f"  {card.why.in_(language)}",
        word("做法", "What it does"),
        f"  {card.sentence.in_(language)}",
    ]
    if card.parameters:
        lines.append(word("参数", "Parameters"))
        for parameter in card.parameters:
            changed = word(f"（默认 {parameter.default}）", f" (default {parameter.default})")
            doc = f"  {parameter.doc.in_(language)}" if parameter.doc else ""
            lines.append(f"  {parameter.name} = {parameter.value}{changed if parameter.overridden else ''}{doc}")
    lines += _listed(word("可能的合理解释", "When it may be wrong"), card.false_positives, language)
    lines += _listed(word("如何核实", "How to verify"), card.verify, language)
    lines += ["SQL", *(f"  {line}" for line in (card.sql or word("（无）", "(none)")).splitlines())]
    return lines


def article_lines(article: Article, language: Language) -> list[str]:
    """The article, the days it is in force, how far it was verified, and what it says."""
    first = article.from_.isoformat() if article.from_ else ""
    last = article.until.isoformat() if article.until else ""
    force = f" ({first}–{last})" if first or last else ""
    mark = f" [{_MARK[article.mark].in_(language)}]"
    says = [f"  {article.says.in_(language)}"] if article.says else []
    law = article.law if article.mark == "P" else f"《{article.law}》"
    return [f"{law}{article.article if article.mark != 'P' else ' ' + article.article}{force}{mark}", *says]


def card_json(card: RuleCard) -> str:
    return json.dumps(asdict(card), ensure_ascii=False, indent=1, default=str)


def _listed(title: str, texts: tuple[Text, ...], language: Language) -> list[str]:
    return [title, *(f"  - {text.in_(language)}" for text in texts)] if texts else []
