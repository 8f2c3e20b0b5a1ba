"""The report: a saved run made into a folder of pages that open from disk, in both languages, with no network.

Knows only `auditor.core`: a report can be rebuilt from working papers with no rule, engine or case data at hand.
"""

from auditor.report.render import render

__all__ = ["render"]
