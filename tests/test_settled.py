"""Garbage: what is there when an audit judges is left out of the search, and what others left out stays so."""

import gc
from collections.abc import Generator

import pytest

from auditor.core.settled import settled


@pytest.fixture(autouse=True)
def nothing_left_out() -> Generator[None]:
    gc.unfreeze()
    yield
    gc.unfreeze()


def test_what_is_there_is_left_out_of_the_search_until_the_end_of_the_block() -> None:
    with settled():
        assert gc.get_freeze_count() > 0
    assert gc.get_freeze_count() == 0


def test_it_is_searched_again_after_an_error() -> None:
    with pytest.raises(ValueError, match="stopped"), settled():
        raise ValueError("stopped")
    assert gc.get_freeze_count() == 0


def test_what_an_embedding_program_left_out_stays_left_out_and_no_more_is() -> None:
    # Less than before may be left out, where something of it is no longer needed.
    gc.freeze()
    frozen = gc.get_freeze_count()
    with settled():
        assert 0 < gc.get_freeze_count() <= frozen
    assert 0 < gc.get_freeze_count() <= frozen


def test_of_blocks_within_one_another_the_outermost_counts() -> None:
    with settled():
        with settled():
            pass
        assert gc.get_freeze_count() > 0
    assert gc.get_freeze_count() == 0
