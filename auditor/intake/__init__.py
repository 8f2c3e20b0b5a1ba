"""Intake: exports become canonical tables in a store, and whatever cannot be used is set aside with its reason."""

from auditor.intake.load import load
from auditor.intake.loaded import Loaded

__all__ = ["Loaded", "load"]
