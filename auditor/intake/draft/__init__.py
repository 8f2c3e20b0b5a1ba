"""Inspecting files: what each is, which canonical table and columns it most likely holds, and a draft profile."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.core.progress import Progress
from auditor.core.result import Unread
from auditor.intake.draft.match import Placed, place
from auditor.intake.draft.names import Names
from auditor.intake.draft.names import names as shipped_names
from auditor.intake.draft.profile_text import profile_text
from auditor.intake.draft.propose import Draft, propose
from auditor.intake.draft.seen import Seen, Unreadable, see
from auditor.intake.draft.told import told
from auditor.intake.profile.file import read_profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """`placed` by the names of the files that found a table; `unread` are files of a folder in no format that is
    read, `failed` those that should have been readable and are not."""

    seen: tuple[Seen, ...]
    placed: dict[str, Placed]
    failed: tuple[Unreadable, ...]
    unread: tuple[Unread, ...]
    draft: Draft


def inspect(
    paths: Sequence[Path], *, profile: Path | None, progress: Progress, names: Names | None = None
) -> Inspection:
    """Looks at every file and drafts a profile for them; with a `profile` in use, its headers and words go before all
    others. Raises InputError where there is nothing to look at and ProfileError where the profile is wrong."""
    known = names or shipped_names()
    if profile is not None:
        known = known.with_profile(read_profile(profile))
    seen, failed, unread = see(paths, known, progress)
    placed = {each.name: found for each in seen if (found := place(each, known))}
    return Inspection(seen=seen, placed=placed, failed=failed, unread=unread, draft=propose(seen, placed, known))


__all__ = ["Inspection", "inspect", "profile_text", "told"]
