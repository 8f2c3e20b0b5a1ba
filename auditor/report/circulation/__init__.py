"""The circulation edition."""
