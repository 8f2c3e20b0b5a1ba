"""Plain values that every other part of the program speaks in: problems, tables, findings, results."""
