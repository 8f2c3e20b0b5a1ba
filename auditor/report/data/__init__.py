"""What the pages that are put together in the browser read: findings, cases and words as scripts that only hold data.

A report can have a hundred thousand findings, and a page of its own for each would be gigabytes. So each finding and
each case is written once, compactly, into numbered files of a few hundred kilobytes, and three pages (`case.html`,
`finding.html`, `findings.html`) show whichever is asked for. Files are loaded as scripts, because a browser lets a page
opened from disk read nothing else. Every value is masked and put into words here; the scripts compute no figures.
"""

from auditor.report.data.write import write_data as write_data
