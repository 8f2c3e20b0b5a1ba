"""Columns: a source's text rows become typed values of a canonical table."""
