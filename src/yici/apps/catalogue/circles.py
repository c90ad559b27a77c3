"""Finds things that wait for each other in a circle."""

from collections.abc import Iterable, Mapping


def circle_in(waiting: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return one circle, its first member repeated at the end, or nothing; ``waiting``: who → whom it waits for.

    >>> circle_in({"a": ["b"], "b": ["c"], "c": ["b"]})
    ('b', 'c', 'b')
    >>> circle_in({"a": ["b", "c"], "b": ["c"], "c": []})
    ()
    """
    done: set[str] = set()
    for start in waiting:
        if start not in done and (found := _search(start, waiting, done)):
            return found
    return ()


def _search(start: str, waiting: Mapping[str, Iterable[str]], done: set[str]) -> tuple[str, ...]:
    # An explicit stack: a made-up file may chain thousands. A dict keeps the order walked and finds at once.
    trail = {start: None}
    todo = [iter(waiting[start])]
    while trail:
        follower = next((key for key in todo[-1] if key in waiting and key not in done), None)
        if follower is None:
            done.add(trail.popitem()[0])
            todo.pop()
        elif follower in trail:
            walked = list(trail)
            return (*walked[walked.index(follower) :], follower)
        else:
            trail[follower] = None
            todo.append(iter(waiting[follower]))
    return ()
