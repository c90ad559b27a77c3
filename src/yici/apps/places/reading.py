"""Reads what stands still while one act runs (places, numbers of the law, the catalogue) once instead of each time.

Only an act that says so remembers, and only until it ends: nothing is kept from one act to the next.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_read: ContextVar[dict[Hashable, Any] | None] = ContextVar("what this act has read", default=None)


@contextmanager
def reading_once() -> Iterator[None]:
    """Let whatever is marked ``once_an_act`` be read once until the block ends; a block within a block shares it.

    What is read in it must not be changed in it.
    """
    if _read.get() is not None:
        yield
        return
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def once_an_act(read: Callable[P, T]) -> Callable[P, T]:
    """Mark a question whose answer stays the same while an act runs; its words must be hashable."""

    @wraps(read)
    def asked(*words: P.args, **named: P.kwargs) -> T:
        known = _read.get()
        if known is None:
            return read(*words, **named)
        key = (read, words, tuple(sorted(named.items())))
        if key not in known:
            known[key] = read(*words, **named)
        answer: T = known[key]
        return answer

    return asked
