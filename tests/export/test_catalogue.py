"""The catalogue in Markdown: every item of the plan, a page a rule, and what would break a table kept whole."""

from auditor.core.catalogue import FieldCard, KindCard, ProblemPage
from auditor.core.result import PlanItem
from auditor.export import catalogue
from tests.specimen import both, card

PLAN = tuple(
    PlanItem(item=item, title=both(f"title {item}"), detectability="D1", severity="S1", core=True)
    for item in ("A1-01", "A3-05", "T-01")
)
KIND = KindCard(
    name="check",
    manual="Flags a row.\n\nNULL: unknown.",
    fields=(
        FieldCard(name="fail_when", form="condition", required=True, doc=both("a | b"), default=None),
        FieldCard(name="roll", form="none, back", required=False, doc=both("what then"), default="none"),
    ),
    facts={"times": both("how often")},
    example="check:\n  kind: check\n",
    sentence=both("flags it"),
    sql="SELECT 1",
)
PROBLEM = ProblemPage(code="R101", title=both("Unknown key"), means=both("m"), example="covrs: []", mend=both("n"))
CARDS = (card("a.rule"), card("b.rule", status="trial", covers=("A1-01", "A3-05")), card("c.rule", status="draft"))


def test_every_item_has_a_line_with_the_rules_that_cover_it() -> None:
    text = catalogue.index(CARDS, PLAN, link=lambda shown: f"x/{shown.rule_id}.yaml")
    rows = {line.split(" | ")[0][2:]: line for line in text.splitlines() if line.startswith(("| A", "| T"))}
    assert list(rows) == ["A1-01", "A3-05", "T-01"]
    assert "[b.rule](x/b.rule.yaml) (trial)" in rows["A1-01"]
    assert (
        "[a.rule](x/a.rule.yaml)<br>[b.rule](x/b.rule.yaml) (trial)<br>[c.rule](x/c.rule.yaml) (draft)" in rows["A3-05"]
    )
    assert rows["T-01"].endswith("| – |")
    assert "3 rules; 2 of the plan's 3 items" in text


def test_a_page_a_rule_a_page_a_kind_and_the_problems() -> None:
    pages = catalogue.pages(CARDS, (KIND,), PLAN, (PROBLEM,))
    assert list(pages) == [
        *("README.md", "kinds/check.md", "problems.md", "rules/a.rule.md", "rules/b.rule.md", "rules/c.rule.md"),
    ]
    for heading in ("Grounds", "Why", "What it does", "Parameters", "When it may be wrong", "How to verify", "SQL"):
        assert f" {heading}\n" in pages["rules/a.rule.md"] or f"## {heading}\n" in pages["rules/a.rule.md"]
    assert "```sql\nSELECT case_id\nFROM cases\n```" in pages["rules/a.rule.md"]
    assert "| `fail_when` | condition | **required** | a \\| b | a \\| b（中） |" in pages["kinds/check.md"]
    assert "| `roll` | none, back | `none` |" in pages["kinds/check.md"]
    assert "[a.rule](../rules/a.rule.md)" in pages["kinds/check.md"]
    assert "## R101 Unknown key" in pages["problems.md"]


def test_the_same_rulebook_gives_the_same_pages() -> None:
    assert catalogue.pages(CARDS, (KIND,), PLAN, (PROBLEM,)) == catalogue.pages(CARDS, (KIND,), PLAN, (PROBLEM,))
