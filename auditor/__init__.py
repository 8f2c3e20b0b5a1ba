"""auditor: checks the case records of enforcement agencies against a rulebook of declarative rules.

import auditor
run = auditor.run("data/sample", period="2025-05")
run.findings                       # a pandas DataFrame
run.finding("3f9a").evidence       # the source rows that it rests on
run.report("reports/2025-05")      # the report and the working papers
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditor.api import FindingView, RunView, run
    from auditor.core.errors import AuditorError, InputError, OutputError, ProfileError, RuleError, UsageError
    from auditor.rulebook import load as load_rules

__all__ = [
    "AuditorError",
    "FindingView",
    "InputError",
    "OutputError",
    "ProfileError",
    "RuleError",
    "RunView",
    "UsageError",
    "load_rules",
    "run",
]

_HOMES = {name: ("auditor.core.errors", name) for name in __all__ if name.endswith("Error")} | {
    "FindingView": ("auditor.api", "FindingView"),
    "RunView": ("auditor.api", "RunView"),
    "load_rules": ("auditor.rulebook", "load"),
    "run": ("auditor.api", "run"),
}


def __getattr__(name: str) -> Any:
    """Loads what is asked for when it is asked for: importing the package alone loads no library."""
    if name not in _HOMES:
        raise AttributeError(f"module 'auditor' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
