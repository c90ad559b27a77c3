"""Writes Chinese place names in Latin letters, for English pages and for people who type pinyin."""

import re

from pypinyin import Style, lazy_pinyin

# GB/T 17693 writes the generic part in translation on English pages; longest ending first.
_GENERICS = (
    ("畲族自治县", " She Autonomous County"),
    ("畲族乡", " She Ethnic Township"),
    ("畲族镇", " She Ethnic Town"),
    ("回族乡", " Hui Ethnic Township"),
    ("街道", " Subdistrict"),
    ("省", " Province"),
    ("市", " City"),
    ("县", " County"),
    ("区", " District"),
    ("镇", " Town"),
    ("乡", " Township"),
)
# Characters read otherwise in these places than in the dictionary (the reading the place itself uses).
_LOCAL_READINGS = {
    "乐清": ["yue", "qing"],
    "乐成": ["yue", "cheng"],
    "丽水": ["li", "shui"],
    "台州": ["tai", "zhou"],
    "天台": ["tian", "tai"],
    "浒山": ["hu", "shan"],
    "朝阳": ["chao", "yang"],
    "长": ["chang"],
    "都": ["du"],
    "厦": ["xia"],
}


def syllables(name: str) -> list[str]:
    """Return the pinyin syllables of a name without tones; ü stays ü.

    >>> syllables("桐庐县")
    ['tong', 'lu', 'xian']
    """
    for place, reading in _LOCAL_READINGS.items():
        if place in name:
            before, _, after = name.partition(place)
            return [*syllables(before), *reading, *syllables(after)]
    return lazy_pinyin(name, style=Style.NORMAL, v_to_u=True, errors=str) if name else []


def initials(name: str) -> str:
    """Return the first letters people type: "tlx" for 桐庐县."""
    return "".join(syllable[0] for syllable in syllables(name))


def english_name(name: str) -> str:
    """Return the English name: the specific part in pinyin as one word, the generic part translated.

    >>> english_name("淳安县"), english_name("景宁畲族自治县")
    ("Chun'an County", 'Jingning She Autonomous County')
    >>> english_name("三合乡（撤销）")
    'Sanhe Township (abolished)'
    """
    name, abolished, _ = name.partition("（")
    suffix = " (abolished)" if abolished else ""
    for ending, english in _GENERICS:
        # A name of one character keeps its generic part: there is no "Cheng District" (城区).
        if name.endswith(ending) and len(name) > len(ending):
            return one_word(name.removesuffix(ending)) + english + suffix
    return one_word(name) + suffix


def one_word(name: str) -> str:
    """Return the pinyin of a name as one capitalised word; an apostrophe shows where a vowel begins a syllable."""
    parts = syllables(name)
    word = "".join("'" + part if at and re.match("[aoe]", part) else part for at, part in enumerate(parts))
    return word[:1].upper() + word[1:]
