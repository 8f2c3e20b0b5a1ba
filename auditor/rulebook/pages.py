"""What each numbered complaint about a rule file means, an example of it, and how it is mended.

The pages themselves are data, in `problems.yaml` beside this file.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from auditor.core.catalogue import ProblemPage
from auditor.core.document import Entries, read
from auditor.rulebook.header import Header


@cache
def pages() -> Mapping[str, ProblemPage]:
    """Every page by its number."""
    document, problems = read(Path(__file__).with_name("problems.yaml"), "problems.yaml")
    found: dict[str, ProblemPage] = {}
    for code, value in document.items() if isinstance(document, Entries) else ():
        if not isinstance(value, Entries):
            raise ValueError(f"problems.yaml: {code} is not a mapping")
        header = Header(value, code)
        header.problems += value.unknown_keys({"title", "means", "example", "mend"}, code)
        title, means, mend = header.text("title"), header.text("means"), header.text("mend")
        example = header.word("example")
        problems += header.problems
        if title and means and mend and example:
            found[code] = ProblemPage(code=code, title=title, means=means, example=example, mend=mend)
    if problems:
        raise ValueError("\n".join(problem.render() for problem in problems))
    return MappingProxyType(found)
