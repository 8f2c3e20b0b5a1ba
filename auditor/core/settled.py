"""What is there to stay is not searched for garbage again and again.

An audit holds some millions of objects until its end: the rules as trees, the queries made of them, what was found. The
search for cycles that nobody can reach goes through all of them each time that a quarter has been added: of an audit
of a million cases it took 14 of 124 seconds of the processor, and most of what a rule took that combines findings.
The command has cycles looked for more seldom besides: each of the two saves about a tenth or more beside the other
(`bench/RESULTS.md`).
"""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def settled() -> Generator[None]:
    """Leaves all that is there now out of the search until the end of the block; what is made in it is searched.

    Python knows one set of objects left out and can only take back all of it. So where a program that audits as a
    library has left out some of its own, nothing is changed.
    """
    if gc.get_freeze_count():
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
