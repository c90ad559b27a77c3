"""From files to a checked catalogue: nothing here touches what is stored."""

from collections.abc import Iterable
from pathlib import Path

from yici.apps.catalogue.bundles import Bundle, gather
from yici.apps.catalogue.checking import check_bundle
from yici.apps.catalogue.faults import CannotImport, Fault
from yici.apps.catalogue.files import read_sources
from yici.rules.words import Words


def read_catalogue(path: Path, stored: Bundle, *, regions: Iterable[str] | None = None) -> tuple[Bundle, Bundle]:
    """Return the documents of the files, and the whole catalogue they make with what is stored.

    ``regions`` are the codes that exist, None when not to be checked. Raises CannotImport with every fault found.
    """
    sources, faults = read_sources(path)
    incoming, misfits = gather(sources)
    whole = incoming.over(stored)
    faults += misfits + check_bundle(whole)
    if regions is not None:
        faults += _unknown_regions(incoming, frozenset(regions))
    if faults:
        raise CannotImport(faults)
    return incoming, whole


def _unknown_regions(incoming: Bundle, known: frozenset[str]) -> list[Fault]:
    faults = [
        local.fault(("region",), Words(f"没有代码为 {code} 的行政区划。", f"There is no region with the code {code}."))
        for code, local in incoming.local.items()
        if code not in known
    ]
    for dataset in incoming.datasets.values():
        for place, code in enumerate(dataset.document.get("not_shared_in") or ()):
            if code.ljust(12, "0") not in known:
                words = Words(f"没有代码为 {code} 的行政区划。", f"There is no region with the code {code}.")
                faults.append(dataset.fault(("not_shared_in", place), words))
    return faults
