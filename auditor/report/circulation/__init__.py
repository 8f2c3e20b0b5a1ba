"""The circulation edition: counts of one audit that can be published, with nothing in them that leads to a person."""

from auditor.report.circulation.pseudonyms import Pseudonyms
from auditor.report.circulation.render import SIGN, render

__all__ = ["SIGN", "Pseudonyms", "render"]
