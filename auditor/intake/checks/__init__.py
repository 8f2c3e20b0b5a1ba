"""Checks: what rows, sources and tables owe, and what becomes of those that break it."""
