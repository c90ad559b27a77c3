"""The words people search with: cleaning, everyday synonyms, pinyin, and how close two phrases are."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from yici.apps.catalogue.everyday_words import CHATTER, ENGLISH_CHATTER, IN_ENGLISH, SYNONYMS

LONGEST_QUERY = 60
_LONGEST_BEGINNING = 24
_SLIP = 0.75  # letters of a spelt word that are right, at least; with fewer it is another word

_NOT_A_WORD = re.compile(r"[^0-9a-z\u3400-\u9fff\U00020000-\U0003ffff]+")
_LATIN = re.compile(r"[0-9a-z]+")
_HAN = re.compile(r"[^0-9a-z]+")

_CHATTER_PATTERN = re.compile("|".join(sorted(CHATTER, key=len, reverse=True)))
_SYNONYM_OF = {word: line[0] for line in SYNONYMS for word in line[1:]}
_SYNONYM_PATTERN = re.compile("|".join(sorted(_SYNONYM_OF, key=len, reverse=True)))


def cleaned(text: str) -> str:
    """Return a phrase as it is compared: half-width small letters, no spaces or punctuation.

    >>> cleaned("開 饭店（ＫＦＤ）!")
    '開饭店kfd'
    """
    return _NOT_A_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())


def in_usual_words(phrase: str) -> str:
    """Return a cleaned phrase with everyday synonyms replaced by the word we index.

    >>> in_usual_words("开小餐馆")
    '开饭店'
    """
    return _SYNONYM_PATTERN.sub(lambda found: _SYNONYM_OF[found.group()], phrase)


def without_chatter(phrase: str) -> str:
    """Return a cleaned phrase without the words around the need.

    >>> without_chatter("请问我想开一家饭店怎么办")
    '开饭店'
    """
    return _CHATTER_PATTERN.sub("", phrase)


@lru_cache(maxsize=20_000)
def pinyin_of(phrase: str) -> tuple[str, str]:
    """Return the full pinyin and the initials of a cleaned phrase; letters and digits stand for themselves.

    >>> pinyin_of("开饭店")
    ('kaifandian', 'kfd')
    """
    if not _HAN.search(phrase):
        return phrase, phrase
    full = "".join(lazy_pinyin(phrase, style=Style.NORMAL, errors="default"))
    initials = "".join(lazy_pinyin(phrase, style=Style.FIRST_LETTER, errors="default"))
    return full, initials


def pairs(phrase: str) -> set[str]:
    """Return the neighbouring pairs of Chinese characters; of a single character, itself.

    >>> sorted(pairs("生孩子"))
    ['孩子', '生孩']
    """
    runs = _HAN.findall(phrase)
    return {run[i : i + 2] for run in runs for i in range(max(1, len(run) - 1))}


def grams_of(phrases: Iterable[str], english: str = "") -> list[str]:
    """Return everything an entry can be found by without a slip: characters, pairs, beginnings of pinyin and words."""
    grams: set[str] = set()
    for phrase in phrases:
        grams |= pairs(phrase) | {char for char in phrase if _HAN.fullmatch(char)}
        for spelt in pinyin_of(phrase):
            grams.update(_beginnings(spelt))
    for word in english_words(english):
        grams.update(_beginnings(word))
    return sorted(grams)


def _beginnings(word: str) -> Iterator[str]:
    return (word[:length] for length in range(1, min(len(word), _LONGEST_BEGINNING) + 1))


def english_words(text: str) -> list[str]:
    """Return the words of an English text that say something, cut to their stems.

    >>> english_words("Register the birth of a child"), english_words("Birth registration")
    (['regis', 'birth', 'child'], ['birth', 'regis'])
    """
    words = _LATIN.findall(unicodedata.normalize("NFKC", text).casefold())
    return [word[:5] for word in words if word not in ENGLISH_CHATTER]


def in_chinese(text: str) -> list[str]:
    """Return what the everyday English words of a text are called in Chinese, in the order in which they stand.

    >>> in_chinese("We have a baby and a new flat"), in_chinese("生孩子")
    (['生孩子', '买二手房'], [])
    """
    words = _LATIN.findall(unicodedata.normalize("NFKC", text).casefold())
    return list(dict.fromkeys(IN_ENGLISH[word] for word in words if word in IN_ENGLISH))


def is_latin(phrase: str) -> bool:
    """Whether a cleaned phrase has letters and digits only: pinyin, initials or English."""
    return bool(_LATIN.fullmatch(phrase))


def closeness(asked: str, phrase: str) -> float:
    """Return how well a cleaned phrase answers a cleaned query, from 0 to 1.

    >>> closeness("生孩子", "生孩子"), closeness("生孩", "生孩子") > closeness("孩子", "生孩子")
    (1.0, True)
    """
    if not asked or not phrase:
        return 0.0
    if asked == phrase:
        return 1.0
    if is_latin(asked):
        return max(_spelt(asked, spelt) for spelt in pinyin_of(phrase))
    share = min(len(asked), len(phrase)) / max(len(asked), len(phrase))
    contained = _contained(asked, phrase, share)
    return contained or max(_overlap(asked, phrase), _sounds(asked, phrase), _within(asked, phrase, share))


def _contained(asked: str, phrase: str, share: float) -> float:
    if phrase.startswith(asked):
        return 0.75 + 0.2 * share
    if asked in phrase:
        return 0.6 + 0.3 * share
    return 0.55 + 0.3 * share if len(phrase) > 1 and phrase in asked else 0.0


def _spelt(asked: str, spelt: str) -> float:
    if spelt.startswith(asked):
        return 0.75 + 0.2 * len(asked) / len(spelt) if spelt != asked else 0.95
    return 0.0


def _overlap(asked: str, phrase: str) -> float:
    ours, theirs = pairs(asked), pairs(phrase)
    common = len(ours & theirs)
    return 0.7 * 2 * common / (len(ours) + len(theirs)) if common else 0.0


def _sounds(asked: str, phrase: str) -> float:
    # The commonest slip with a Chinese keyboard is the right sound with the wrong character.
    ours, theirs = pinyin_of(asked)[0], pinyin_of(phrase)[0]
    return 0.7 if len(asked) > 1 and ours == theirs else 0.0


def _within(asked: str, phrase: str, share: float) -> float:
    """ "生了个孩子" holds all of "生孩子" in order; "身份正" all of "身份证" but one."""
    shorter, longer = sorted((asked, phrase), key=len)
    rest = iter(longer)
    if len(shorter) > 1 and all(char in rest for char in shorter):
        return 0.4 + 0.25 * share
    return 0.0


def likeness(asked: str, phrase: str) -> float:
    """Return how alike two phrases are letter by letter, for queries with a slip; slower than closeness.

    >>> likeness("身份正办理", "身份证办理") > 0.4 > likeness("身份证", "公积金")
    True
    """
    if is_latin(asked):
        alike_spelt = _ratio(asked, pinyin_of(phrase)[0])
        return 0.75 * alike_spelt if alike_spelt > _SLIP else 0.0
    # One character of two in common is another word, not a slip: 护照 is no 执照.
    letters = 0.75 * _ratio(asked, phrase) if len(set(asked) & set(phrase)) > 1 else 0.0
    # A slip of the keyboard keeps the number of characters, give or take one.
    alike = abs(len(asked) - len(phrase)) <= 1
    sounds = _ratio(pinyin_of(asked)[0], pinyin_of(phrase)[0]) if alike else 0.0
    return max(letters, 0.65 * sounds if sounds > 0.85 else 0.0)


@lru_cache(maxsize=50_000)
def _ratio(left: str, right: str) -> float:
    return SequenceMatcher(None, left, right, autojunk=False).ratio()
