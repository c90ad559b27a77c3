"""What a matter is called: the words of a subject that most of its messages share and few others have."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log

from yici.apps.tickets.meaning.grams import plain
from yici.apps.tickets.meaning.messages import Message
from yici.apps.tickets.meaning.place_names import candidates, divisions

OPENINGS = re.compile(
    r"^(?:关于|反映|投诉|咨询|请求|举报|建议|请问|问问|请|强烈|再次|要求|希望|恳请|恳求|求助|求|呼吁|质疑|询问|想问|盼|对|就|有关|"
    r"解决|处理|一下|尽快|：|:|，|\s)+"
)
# Only with its 的: a bare 质量问题 would lose its sense.
CLOSINGS = re.compile(r"(?:的(?:相关|有关)?(?:问题|情况|请求|建议|投诉|反映|咨询|事宜))?[？?！!。，,、…\s]*$")
CLAUSES = re.compile("[，。！？；,!?;…\n]+")
SHORTEST, LONGEST = 6, 24  # characters that a person reads at a glance
BEGINNING = 60  # characters of a letter that say what it is about
BACKGROUND = 1_000  # messages about other things that are thought beside these: a file of one matter has none
DAMPING = 8  # characters: a longer name must earn its length
# No name ends in a word that wants another one.
OPEN_END = re.compile("(?:[的和与及或对把被在是将让使向从为因]|一系列|诸多|若干|几点|存在|相关|有关|并且|以及)$")
REACH_BACK = 6  # characters by which a place's name may have been cut short


class Namer:
    """Knows how common each pair of characters is in a file of messages, and names matters of that file."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self._size = len(messages)
        self._spread = Counter(pair for one in messages for pair in _pairs(_beginning(one)))

    def name(self, own: Sequence[Message], place: str) -> str:
        """Return the name of the matter of these messages; its place stands before it where the words name none.

        >>> rows = [Message(f"{n}", "关于青桂花园搅拌站噪音扰民的投诉", "整夜施工。") for n in range(3)]
        >>> Namer(rows).name(rows, "青桂花园")
        '青桂花园搅拌站噪音扰民'
        """
        shared = self._shared(own)
        homes = _often([name for one in own for name in divisions(one.text[:BEGINNING])], len(own) / 3)
        ways = dict.fromkeys(way for one in own for way in _ways(one, homes))
        best = max(ways, key=lambda way: (_worth(way, shared), way), default="")
        whole = _whole(place, own) if place else ""
        return f"{whole}：{best}" if whole and not _places(best, whole) else best or place

    def _shared(self, own: Sequence[Message]) -> dict[str, float]:
        """Return the weight of each pair of characters: shared within the matter, rare outside."""
        times = Counter(pair for one in own for pair in _pairs(_beginning(one)))
        return {
            pair: count / len(own) * log((BACKGROUND + self._size) / self._spread.get(pair, 1))
            for pair, count in times.items()
            if count > 1 or len(own) < 3
        }


def told_apart(named: Sequence[tuple[str, str, str | None]]) -> list[str]:
    """Return names that differ, given each matter's name, place and first moment.

    Of equal names the later ones add their place, then the month they began, then a number.

    >>> told_apart([("路灯不亮", "", "2026-05-01"), ("路灯不亮", "", "2026-07-09"), ("路灯不亮", "人民路", None)])
    ['路灯不亮', '路灯不亮（2026-07）', '路灯不亮（人民路）']
    """
    made: list[str] = []
    taken: set[str] = set()
    for name, place, first in named:
        more = [place] if place and place not in name else []
        more += [first[:7]] if first else []
        ways = [name, *(f"{name}（{one}）" for one in more), *(f"{name}（{n}）" for n in range(2, len(named) + 2))]
        made.append(next(way for way in ways if way not in taken))
        taken.add(made[-1])
    return made


def _beginning(one: Message) -> str:
    return one.text[:BEGINNING]


def _pairs(text: str) -> set[str]:
    clean = plain(text)
    return {clean[place : place + 2] for place in range(len(clean) - 1)}


def _worth(way: str, shared: dict[str, float]) -> float:
    return sum(shared.get(pair, 0.0) for pair in _pairs(way)) / (len(way) + DAMPING)


def _often(names: Iterable[str], least: float) -> list[str]:
    return [name for name, times in Counter(names).items() if times >= least]


def _ways(one: Message, homes: Sequence[str]) -> list[str]:
    """Return the subject without politeness and division, and its clauses, as far as they can be a name.

    A name is never cut inside a word: what is too long as a whole offers its clauses, and is itself the last resort.
    """
    subject = one.subject or next((part for part in CLAUSES.split(one.detail) if part.strip()), "")
    parts = [_core(part, homes) for part in (subject, *CLAUSES.split(subject))]
    fit = [part for part in parts if SHORTEST <= len(part) <= LONGEST and not OPEN_END.search(part)]
    return fit or [part for part in parts[:1] if part]


def _core(words: str, homes: Sequence[str]) -> str:
    """Return the words that say something: without please and about, and without the division everybody names."""
    found = words.strip()
    while True:
        before = found
        found = CLOSINGS.sub("", OPENINGS.sub("", found))
        for home in homes:
            if found.startswith(home) and len(found) - len(home) >= SHORTEST:
                found = found.removeprefix(home)
        if found == before:
            return found or words.strip()


def _places(words: str, place: str) -> bool:
    """Whether the words name a place already: any at all, or this one in short."""
    return bool(candidates(words)) or place[:2] in words


def _whole(place: str, own: Sequence[Message]) -> str:
    """Return the place as most subjects write it, the characters before it given back; empty when none names it.

    A name is cut before words like 外 and 上, which also stand within names (海外滩小区).
    """
    subjects = [one.subject for one in own if place in one.subject]
    whole = place
    for _ in range(REACH_BACK):
        before = Counter(subject[subject.index(whole) - 1 : subject.index(whole)] for subject in subjects)
        letter, times = before.most_common(1)[0] if before else ("", 0)
        if not letter or times < 2 or times * 3 < len(subjects) * 2 or not _in_a_name(letter):
            break
        whole = letter + whole
        subjects = [subject for subject in subjects if whole in subject]
    return whole if subjects else ""


def _in_a_name(letter: str) -> bool:
    return "一" <= letter <= "鿿" and letter not in "市区县镇乡省于的在对和与就道走近"
