"""The charts of a report: here their numbers are prepared, in the page the scripts of `templates/js` draw them.

Every chart is a figure with its numbers as JSON, a caption that says how to read it, and the same numbers as a table:
for screen readers, for paper, and for a browser that runs no script.
"""

from auditor.report.charts.chart import Chart, Row, words

__all__ = ["Chart", "Row", "words"]
