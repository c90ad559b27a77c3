"""Names of places in messages: found by the words they end with, and cut where many messages agree."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

# What a named place ends with, longest first where one ends with another.
ENDINGS = (
    "地铁站|火车站|汽车站|高铁站|收费站|派出所|开发区|工业园|产业园|安置小区|小区|花园|公园|家园|公寓|大厦|广场|商场|"
    "市场|学校|中学|小学|幼儿园|学院|大学|医院|大道|高速|大桥|街道|社区|新村|新城|国际|公馆|水库|火葬场|搅拌站|"
    "垃圾场|工地|(?<!线)路|街|巷|镇|乡|村|苑|城|(?<!政)府|湾"
)
# The longest run is kept first and cut from the left later.
RUN = re.compile(rf"([一-鿿A-Za-z0-9]{{2,9}}?)({ENDINGS})(?![一-鿿]{{0,1}}(?:政|民|建设局))")
# Words before which a name cannot reach back.
BREAK = re.compile(
    "尤其|沿线|进一步|规范|实施|建设|第|期|原|的|了|在|和|与|对|就|从|到|于|是|有|位于|住|我|你|您|他|们|把|被|请|将|给|向|为|不|这|那|该|本|各|每|某|个|条|关于|反映|"
    "投诉|咨询|建议|解决|附近|旁边|修建|规划|希望|请求|及|或|以|至|由|因|等|之间|什么|何时|如何|怎么|没|无|要|会|能|可|并|已|还|"
    "都|也|让|使|上|下|前|后|内|外|省|市|区|县"
)
# Endings alone or with a word of size or kind name no place.
EMPTY = re.compile(
    "^(?:政|道|公|马|铁|水|大|小|新|老|整|全|农|乡|城|旧|一条|高速公|线|电|网|思|出|问|过|修|街|路|村|镇|山|土|泥|水泥|主干|城市道)?$"
)
# 小区, 社区 and the like are no divisions.
DIVISION = re.compile(
    r"[A-Z]\d*[市区县]|[一-鿿]{2,3}(?:(?<![小社校园片景厂辖民开发])区|[市县])(?![一-鿿]?(?:长|委|政))"
)
# Where one lives or learns: who names one of these speaks of no other. A road runs past many.
OWN = re.compile("(?:小区|之城|花园|家园|公寓|大厦|苑|公馆|新村|学校|中学|小学|幼儿园|学院|大学|医院|村)$")
DOTS = re.compile("[·•.．‧]")
LEAST_NAME, LONGEST_NAME = 2, 7
ENOUGH = 0.6  # share of messages with the shorter name that must have the longer one


def candidates(text: str) -> list[tuple[str, str]]:
    """Return what stands before an ending, and the ending, for everything that may be a place.

    >>> candidates("请求解决青桂花园的噪音")
    [('青桂', '花园')]
    """
    found = []
    for match in RUN.finditer(DOTS.sub("", text)):
        front = BREAK.split(match[1])[-1][-LONGEST_NAME:]
        if not EMPTY.match(front):
            found.append((front, match[2]))
    return found


def short_names(text: str) -> frozenset[str]:
    """Return the places named in one text in their shortest form, so that two texts may be compared.

    >>> sorted(short_names("洋洲路旁的凤川搅拌站")), short_names("小区门口")
    (['凤川搅拌站', '洋洲路'], frozenset())
    """
    return frozenset(_tails(front, end)[0] for front, end in candidates(text) if len(front) >= LEAST_NAME)


class Gazetteer:
    """Names learnt from many messages, and names known beforehand (regions, halls, streets of the register)."""

    def __init__(self, texts: Iterable[str], known: Sequence[str] = ()) -> None:
        self._known = sorted({name for name in known if len(name) >= LEAST_NAME}, key=len, reverse=True)
        self._messages: Counter[str] = Counter()
        for text in texts:
            self._messages.update({name for front, end in candidates(text) for name in _tails(front, end)})

    def places(self, text: str) -> list[str]:
        """Return the named places of a text in the order of their mention, each once."""
        found = [name for name in self._known if name in text]
        found += [self._cut(front, end) for front, end in candidates(text)]
        return list(dict.fromkeys(found))

    def _cut(self, front: str, end: str) -> str:
        """Return the longest name that most messages with the shorter one agree upon."""
        tails = _tails(front, end)
        kept = tails[0]
        for longer in tails[1:]:
            if self._messages[longer] < max(2, ENOUGH * self._messages[kept]):
                break
            kept = longer
        return kept if self._messages[kept] > 1 else tails[-1]


def home(name: str) -> str | None:
    """Return the short form of a place one lives or learns at, under which people call it; None for other places.

    >>> home("伊景园滨河苑"), home("滨河苑"), home("凉塘路")
    ('滨河苑', '滨河苑', None)
    """
    ending = OWN.search(name)
    return name[max(ending.start() - LEAST_NAME, 0) :] if ending else None


def without_places(text: str, places: Iterable[str]) -> str:
    """Return what a text says beyond where it is: without these places and any division.

    >>> without_places("A3区青桂花园的搅拌站", ["青桂花园"])
    '的搅拌站'
    """
    for name in sorted(places, key=len, reverse=True):
        text = text.replace(name, "")
    return DIVISION.sub("", text)


def divisions(text: str) -> list[str]:
    """Return cities, districts and counties named in a text, each once.

    >>> divisions("A3区和A3区的德清县")
    ['A3区', '德清县']
    """
    return list(dict.fromkeys(name.lstrip("和在到与是的") for name in DIVISION.findall(text)))


def _tails(front: str, end: str) -> list[str]:
    """Return the possible names, shortest first: the last two characters and the ending, three, …"""
    shortest = min(LEAST_NAME, len(front))
    return [front[-length:] + end for length in range(shortest, len(front) + 1)]
