"""Hides who is meant in what somebody wrote, for those who should learn from it and need not know the person."""

import re
from collections.abc import Iterable

HIDDEN = "＊"
_NUMBER = re.compile(r"[0-9A-Za-z]*\d(?:[ -]?[0-9A-Za-z]){6,}")  # telephone, identity, account: seven places or more
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CALLED = re.compile(r"[\u4e00-\u9fff](?=(?:先生|女士|小姐|师傅|老师|主任|科长|局长|同志|阿姨|叔叔))")
_PRESENTED = re.compile(r"(?<=我叫)[\u4e00-\u9fff]{2,4}|(?<=姓名[:：])\s*[\u4e00-\u9fff]{2,4}")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? +[A-Z][\w-]*(?: +[A-Z][\w-]*)*")


def masked_text(text: str, names: Iterable[str] = ()) -> str:
    """Return a text without numbers and addresses of people, without the names given, and without "Mr Wang".

    A name that nobody gave and that stands alone cannot be told from a word: who shows texts chooses them with care.

    >>> masked_text("我是李四，电话139 0000 0001，窗口王女士要了3次材料", ["李四"])
    '我是＊，电话＊，窗口＊女士要了3次材料'
    """
    for pattern in (_ADDRESS, _NUMBER, _CALLED, _PRESENTED, _TITLED):
        text = pattern.sub(HIDDEN, text)
    for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
        text = text.replace(name, HIDDEN)
    return text
