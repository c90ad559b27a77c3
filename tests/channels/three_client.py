"""``three``, the Open311 client of Code for America: written for Python 2, here given back the one name it misses."""

import itertools
import warnings

itertools.ifilter = filter  # type: ignore[attr-defined]
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from three import Three

__all__ = ["Three"]
