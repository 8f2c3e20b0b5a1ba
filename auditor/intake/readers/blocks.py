"""The text of a file behind its header, block by block: while one block is parsed, the next is decoded."""

import io
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from auditor.intake.readers.encoding import Utf8Stream
from auditor.intake.readers.quotes import Lookout

T = TypeVar("T")
R = TypeVar("R")


class Rest(io.RawIOBase):
    """What follows the header, decoded in a thread beside; `tail` are the last bytes that were given out."""

    def __init__(self, start: bytes, stream: Utf8Stream, lookout: Lookout | None = None) -> None:
        super().__init__()
        self._held, self._stream = start, stream
        self._beside = ThreadPoolExecutor(1)
        self._next: Future[bytes] | None = None
        self.lookout = lookout or Lookout(",", "")
        self.tail = b""

    @property
    def is_empty(self) -> bool:
        """Asked before anything is read."""
        if not self._held:
            self._held = filled(self._stream, 1)
        return not self._held

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        """A block filled whole, where the file has so much left: Arrow makes a batch of rows of what one call gives."""
        if size < 0:
            return self.readall()
        block = self._block(size) if self._next is None else self._next.result()
        self._next = self._beside.submit(self._block, size) if block else None
        if block:
            self.lookout.see(block)
            self.tail = (self.tail + block[-64:])[-64:]
        return block

    def readinto(self, buffer: memoryview, /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        block = self._block(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        # The thread has to be out of the file before that is closed.
        self._beside.shutdown()
        super().close()

    def _block(self, size: int) -> bytes:
        parts, have = [self._held], len(self._held)
        while have < size and (more := self._stream.chunk()):
            parts.append(more)
            have += len(more)
        block = b"".join(parts)
        self._held = block[size:]
        return block[:size]


def filled(stream: Utf8Stream, size: int) -> bytes:
    """At least so many bytes, or all there are."""
    parts: list[bytes] = []
    while size > 0 and (part := stream.read(max(size, 1 << 16))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def ahead(batches: Iterator[T], work: Callable[[T], R]) -> Generator[R]:
    """What `work` makes of each, in a thread beside, while the one before it is used; `batches` is closed at the end if
    it is a generator, once nothing takes from it any more."""

    def take() -> R | None:
        batch = next(batches, None)
        return None if batch is None else work(batch)

    try:
        with ThreadPoolExecutor(1) as beside:
            following = beside.submit(take)
            while (made := following.result()) is not None:
                following = beside.submit(take)
                yield made
    finally:
        if isinstance(batches, Generator):
            batches.close()
