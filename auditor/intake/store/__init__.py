"""The store: one DuckDB file of canonical tables, and how text rows are brought into it."""
