"""Readers: a file, sheet or database table becomes text rows with their record numbers, whatever the format."""
