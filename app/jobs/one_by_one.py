"""Many things that a round does, each for itself."""

from collections.abc import Callable, Iterable
from typing import TypeVar

Thing = TypeVar("Thing")


class Round:
    """What went wrong in one round. A thing that fails holds up none behind it."""

    def __init__(self) -> None:
        self._failed: list[Exception] = []

    def do(self, things: Iterable[Thing], act: Callable[[Thing], int]) -> int:
        """Do it for each; returns the sum of what the acts returned."""
        done = 0
        for thing in things:
            try:
                done += act(thing)
            except Exception as error:
                self._failed.append(error)
        return done

    def end(self) -> None:
        """Raises an ExceptionGroup of all that failed: the job counts as failed, and its log says why."""
        if self._failed:
            raise ExceptionGroup("some of a round failed", self._failed)
