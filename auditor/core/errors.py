"""Why a command stops, and the exit status each reason has for good.

0 passed · 1 findings at the gate, or the extract breaks its contract · 2 bad arguments, configuration or rules
(nothing was judged) · 3 incomplete (an input missing or unreadable, a rule that errored, results that could not
be kept).
"""

from collections.abc import Sequence

from auditor.core.problem import Problem

PASSED, GATE_FAILED, BAD_REQUEST, INCOMPLETE = 0, 1, 2, 3


class AuditorError(Exception):
    """Something that a person has to put right; carries every problem known when it was raised."""

    exit_status: int = BAD_REQUEST

    def __init__(self, problems: Problem | str | Sequence[Problem]) -> None:
        match problems:
            case str():
                self.problems: tuple[Problem, ...] = (Problem(problems),)
            case Problem():
                self.problems = (problems,)
            case _:
                self.problems = tuple(problems)
        super().__init__("\n".join(problem.render() for problem in self.problems))


class UsageError(AuditorError):
    """Arguments or configuration that cannot be acted on."""


class ProfileError(AuditorError):
    """A profile that is wrong in itself or does not fit the files it maps."""


class RuleError(AuditorError):
    """A rule file that cannot be loaded."""


class InputError(AuditorError):
    """An input that is missing, empty or unreadable."""

    exit_status = INCOMPLETE


class OutputError(AuditorError):
    """Results that could not be written; nothing is left behind that looks complete."""

    exit_status = INCOMPLETE
