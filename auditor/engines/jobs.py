"""What is asked of the data in one go, two things at a time where there are two sessions."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from queue import SimpleQueue

from auditor.core.schema import Table
from auditor.engines.base import Session

MANY = 20_000_000
"""Rows of a table from which on one question at a time is asked: two would share the memory that each of them needs to
sort in, and put on disk what one alone can hold."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """`work` says how many rules are done with it; the heavier comes first, so that none is left over when all others
    are done."""

    work: Callable[[Session], int]
    weight: int = 1


def many_rows(read: Sequence[Table], session: Session) -> bool:
    """Whether one of these tables of the export is so large that one question at a time is asked."""
    return any(session.size(name) >= MANY for name in {table.name for table in read if not table.derived})


def done(
    jobs: Sequence[Job], session: Session, *, alone: bool, ready: Callable[[Session], None] | None = None
) -> Iterator[int]:
    """Does all of them and gives what each says, in the order in which they end. `alone` keeps them in one session;
    `ready` gives a session what the jobs ask of it."""
    ordered = sorted(jobs, key=lambda job: -job.weight)
    other = session.beside() if len(ordered) > 1 and not alone else None
    if ready is not None:
        for each in (session,) if other is None else (session, other):
            ready(each)
    if other is None:
        for job in ordered:
            yield job.work(session)
        return
    free: SimpleQueue[Session] = SimpleQueue()
    free.put(session)
    free.put(other)

    def with_a_session(job: Job) -> int:
        taken = free.get()
        try:
            return job.work(taken)
        finally:
            free.put(taken)

    with ThreadPoolExecutor(2) as pool:
        for ended in as_completed([pool.submit(with_a_session, job) for job in ordered]):
            yield ended.result()
