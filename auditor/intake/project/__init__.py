"""Projects: a folder in which every month's extract is kept, each read once and put together for every audit."""

from auditor.intake.project.extracts import is_project
from auditor.intake.project.whole import load_project

__all__ = ["is_project", "load_project"]
