"""How a command ends when it cannot do what was asked: every problem on stderr, the right exit status, no traceback.

A traceback is for who mends the program, so it waits for `--debug`. Ctrl-C and a polite kill unwind like any failure,
so that half-made folders are cleaned away.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from types import FrameType

import typer
from typer._click.exceptions import ClickException

from auditor.core.errors import BAD_REQUEST, INCOMPLETE, PASSED, AuditorError

INTERRUPTED, TERMINATED = 130, 143


class Failures:
    """Turns what a command raised into words on stderr and an exit status."""

    def __init__(self) -> None:
        self.debug = False

    def status_of(self, command: Callable[[], object]) -> int:
        """The exit status of the command, whatever becomes of it."""
        signal.signal(signal.SIGTERM, _terminate)
        try:
            status = command()
            sys.stdout.flush()
        except AuditorError as error:
            return self._told(error, error.exit_status, [problem.render() for problem in error.problems])
        except ClickException as error:
            error.show(file=sys.stderr)
            return BAD_REQUEST
        except (KeyboardInterrupt, typer.Abort) as error:
            return self._told(error, INTERRUPTED, ["interrupted: no results were kept"])
        except BrokenPipeError:
            return _reader_left()
        except SystemExit as error:
            # The option parser makes a 1 of a closed pipe, and 1 means findings.
            if isinstance(error.__context__, BrokenPipeError):
                return _reader_left()
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, it ends here with a status of its own
            what = f"unexpected {type(error).__name__}: {error}".splitlines()[0]
            return self._told(error, INCOMPLETE, [f"{what} (--debug shows where)"])
        return status if isinstance(status, int) else PASSED

    def _told(self, error: BaseException, status: int, lines: list[str]) -> int:
        try:
            if self.debug:
                traceback.print_exception(error, file=sys.stderr)
            for line in lines:
                print(f"auditor: {line}", file=sys.stderr)
            sys.stderr.flush()
        except BrokenPipeError:
            _silence(2)  # nobody reads the complaints, but the status stands
        return status


def _reader_left() -> int:
    """Whoever read our output has closed it (`| head`): nothing is said, and what could not be said is incomplete."""
    _silence(1)
    return INCOMPLETE


def _silence(stream: int) -> None:
    """Sends what is still to be written to a closed pipe nowhere, so that Python's own last flush cannot fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream)


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(TERMINATED)
