"""The catalogue of the rulebook in Markdown: a page a rule, a page a kind, the numbered problems, and the plan's items.

Made of plain words only, and without a clock, so that the same rulebook gives the same bytes.
"""

from collections.abc import Callable, Sequence

from auditor.core.catalogue import CHAPTERS, KindCard, ProblemPage
from auditor.core.result import Article, PlanItem, RuleCard
from auditor.core.text import Text

_MARK = {"V": "read in full text", "V2": "from a secondary source", "P": "a default of this project, not law"}


def pages(
    cards: Sequence[RuleCard], kinds: Sequence[KindCard], plan: Sequence[PlanItem], problems: Sequence[ProblemPage]
) -> dict[str, str]:
    """Every page by its path under the catalogue's folder."""
    found = {"README.md": index(cards, plan, link=lambda card: f"rules/{card.rule_id}.md", kinds=kinds)}
    found |= {f"rules/{card.rule_id}.md": _rule_page(card) for card in cards}
    found |= {f"kinds/{kind.name}.md": _kind_page(kind, cards) for kind in kinds}
    found["problems.md"] = _problem_page(problems)
    return dict(sorted(found.items()))


def index(
    cards: Sequence[RuleCard],
    plan: Sequence[PlanItem],
    *,
    link: Callable[[RuleCard], str],
    kinds: Sequence[KindCard] = (),
) -> str:
    """Every item of the plan by chapter with the rules that cover it. `link` says where a rule is to be read."""
    covered = {item for card in cards if card.status in ("active", "trial") for item in card.covers}
    lines = [
        "# 规则目录 Catalogue of rules",
        "",
        "<!-- Written by `auditor rules docs`; not edited by hand. -->",
        "",
        f"{len(cards)} rules; {len(covered)} of the plan's {len(plan)} items are covered by a rule that runs. / "
        f"共 {len(cards)} 条规则；方案 {len(plan)} 项中有 {len(covered)} 项由运行中的规则检查。",
    ]
    for chapter, name in CHAPTERS.items():
        items = [item for item in plan if item.item.partition("-")[0] == chapter]
        lines += ["", f"## {chapter} {name.zh} {name.en}", "", "| item | 事项 | | seen in data | rules |"]
        lines += ["| --- | --- | --- | --- | --- |"]
        for item in items:
            rules = [
                f"[{card.rule_id}]({link(card)})" + ("" if card.status == "active" else f" ({card.status})")
                for card in cards
                if item.item in card.covers
            ]
            cells = [item.item, item.title.zh, item.title.en, item.detectability, "<br>".join(rules) or "–"]
            lines.append(_row(cells))
    unseen = [item for item in plan if item.unseen is not None and item.instead is not None]
    if unseen:
        lines += [
            "",
            "## 记录看不到的 What records cannot show",
            "",
            "| item | 看不到什么、怎么办 | what, and what to do instead |",
        ]
        lines += ["| --- | --- | --- |"]
        lines += [
            _row([item.item, f"{item.unseen.zh}{item.instead.zh}", f"{item.unseen.en} {item.instead.en}"])
            for item in unseen
            if item.unseen is not None and item.instead is not None
        ]
    astray = [card for card in cards if not card.covers]
    if astray:
        lines += ["", "## Rules of no item", "", *(f"- [{card.rule_id}]({link(card)})" for card in astray)]
    if kinds:
        lines += ["", "## Kinds of check 检查类型", ""]
        lines += [f"- [{kind.name}](kinds/{kind.name}.md): {kind.manual.splitlines()[0]}" for kind in kinds]
        lines += ["", "[Numbered problems 规则文件的错误编号](problems.md)"]
    return _joined(lines)


def _rule_page(card: RuleCard) -> str:
    lines = [
        f"# {card.title.zh}",
        "",
        f"**{card.title.en}**",
        "",
        f"`{card.rule_id}` · {card.level} · {card.certainty} · {card.status} · {', '.join(card.covers) or '–'} · "
        f"[{card.kind}](../kinds/{card.kind}.md) over `{card.table}` · {card.source}",
        *_section("依据 Grounds", [_article(article) for article in card.basis]),
        *("", "## 理由 Why", "", card.why.zh, "", card.why.en),
        *("", "## 做法 What it does", "", card.sentence.zh, "", card.sentence.en),
    ]
    if card.parameters:
        lines += ["", "## 参数 Parameters", "", "| parameter | default | 说明 | meaning |", "| --- | --- | --- | --- |"]
        for parameter in card.parameters:
            doc = parameter.doc or Text(zh="", en="")
            lines.append(_row([f"`{parameter.name}`", parameter.default, doc.zh, doc.en]))
    lines += _section("可能的合理解释 When it may be wrong", [_both(text) for text in card.false_positives])
    lines += _section("如何核实 How to verify", [_both(text) for text in card.verify])
    lines += ["", "## 提示语 Message", "", f"> {card.message.zh}", ">", f"> {card.message.en}"]
    lines += _section("读取的列 Columns it reads", [f"`{name}`" for name in card.needs])
    lines += ["", "## SQL", "", "```sql", *(card.sql or "").splitlines(), "```"]
    return _joined(lines)


def _kind_page(kind: KindCard, cards: Sequence[RuleCard]) -> str:
    lines = [f"# {kind.name}", "", kind.manual]
    lines += [
        "",
        "## Fields 字段",
        "",
        "| field | read as | default | meaning | 说明 |",
        "| --- | --- | --- | --- | --- |",
    ]
    for field in kind.fields:
        default = "**required**" if field.required else f"`{field.default}`" if field.default else "–"
        lines.append(_row([f"`{field.name}`", field.form, default, field.doc.en, field.doc.zh]))
    if kind.facts:
        lines += ["", "## Facts for messages 提示语可用的事实", "", "| fact | meaning | 说明 |", "| --- | --- | --- |"]
        lines += [_row([f"`{name}`", doc.en, doc.zh]) for name, doc in kind.facts.items()]
    lines += ["", "## Example 例子", "", "```yaml", *kind.example.rstrip().splitlines(), "```"]
    lines += ["", kind.sentence.zh, "", kind.sentence.en]
    lines += ["", "```sql", *kind.sql.splitlines(), "```"]
    used = [f"[{card.rule_id}](../rules/{card.rule_id}.md)" for card in cards if card.kind == kind.name]
    return _joined([*lines, *_section("Rules of this kind 使用它的规则", used)])


def _problem_page(problems: Sequence[ProblemPage]) -> str:
    lines = ["# Numbered problems 规则文件的错误编号", "", "`auditor rules lint --explain R203` prints one of them."]
    for page in problems:
        lines += ["", f"## {page.code} {page.title.en} {page.title.zh}", "", page.means.en, "", page.means.zh]
        lines += ["", "```yaml", page.example, "```", "", page.mend.en, "", page.mend.zh]
    return _joined(lines)


def _article(article: Article) -> str:
    first = article.from_.isoformat() if article.from_ else ""
    last = article.until.isoformat() if article.until else ""
    force = f" ({first} – {last})" if first or last else ""
    says = f"  \n  {article.says.zh}  \n  {article.says.en}" if article.says else ""
    return f"{article.law} {article.article}{force} [{_MARK[article.mark]}]{says}"


def _section(title: str, items: Sequence[str]) -> list[str]:
    return ["", f"## {title}", "", *(f"- {item}" for item in items)] if items else []


def _both(text: Text) -> str:
    return f"{text.zh}  \n  {text.en}"


def _row(cells: Sequence[str]) -> str:
    """A line of a table: a bar within a cell would end it."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|').replace(chr(10), ' ') for cell in cells)} |"


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"
