"""The pages that the browser puts together from `data/`: a case, a finding, a subject, and the list of all findings.

Each is one file for all of its kind; which one is shown is in the address, after `#`, so that a link can be sent.
"""

from collections.abc import Iterator

from auditor.core.text import Text
from auditor.report.page import Page

_VIEWS = {
    "case": Text(zh="案件", en="Case"),
    "finding": Text(zh="发现", en="Finding"),
    "subject": Text(zh="对象", en="Subject"),
    "findings": Text(zh="全部发现", en="All findings"),
}


def viewer_pages() -> Iterator[Page]:
    for view, title in _VIEWS.items():
        yield Page(path=f"{view}.html", template="viewer.html.j2", title=title, context={"view": view})
