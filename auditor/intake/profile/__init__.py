"""Profiles: what an office's headers, words and formats mean in the canonical tables."""
