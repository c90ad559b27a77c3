"""Reviews (好差评): five grades, three faces before them, what one may add, and what may be quoted of it in public."""

import re
from collections.abc import Iterable
from enum import IntEnum, StrEnum

from yici.rules.refusals import Refusal
from yici.rules.words import Words

LONGEST_TEXT, LONGEST_EXCERPT = 500, 120


class CannotReview(Refusal):
    """A review that cannot be given, changed or handled like that."""


class Grade(IntEnum):
    """How content somebody is, in stars; the national code runs the other way (GB/T 39046-2020 A.8)."""

    VERY_BAD = 1
    BAD = 2
    FAIR = 3
    GOOD = 4
    VERY_GOOD = 5

    @property
    def code(self) -> str:
        """Return the code of the exchange: 1 非常满意 to 5 非常不满意.

        >>> Grade.VERY_GOOD.code, Grade.VERY_BAD.code
        ('1', '5')
        """
        return str(6 - self)

    @property
    def is_bad(self) -> bool:
        """Whether it is a bad review (差评): 不满意 and 非常不满意, never 基本满意 (国办发〔2019〕51号)."""
        return self <= Grade.BAD

    @property
    def face(self) -> "Face":
        """Return the face that stands for it."""
        return next(face for face, grades in FACE_GRADES.items() if self in grades)

    @property
    def words(self) -> Words:
        """Return the grade as the standard names it."""
        return _GRADE_WORDS[self]


_GRADE_WORDS = {
    Grade.VERY_GOOD: Words("非常满意", "Very satisfied"),
    Grade.GOOD: Words("满意", "Satisfied"),
    Grade.FAIR: Words("基本满意", "Basically satisfied"),
    Grade.BAD: Words("不满意", "Dissatisfied"),
    Grade.VERY_BAD: Words("非常不满意", "Very dissatisfied"),
}


class Face(IntEnum):
    """What is pressed first; the number is the one the buttons of the halls always had."""

    NOT_CONTENT = 1
    SO_SO = 2
    CONTENT = 3


# The milder grade first: it stands until the person says more, and nobody is charged with more than was pressed.
FACE_GRADES: dict[Face, tuple[Grade, ...]] = {
    Face.CONTENT: (Grade.GOOD, Grade.VERY_GOOD),
    Face.SO_SO: (Grade.FAIR,),
    Face.NOT_CONTENT: (Grade.BAD, Grade.VERY_BAD),
}


def first_grade(face: int) -> Grade:
    """Return the grade that a press alone means. Raises CannotReview for no face.

    >>> first_grade(1).words.en
    'Dissatisfied'
    """
    if face not in set(Face):
        raise CannotReview(zh="请选择三个表情中的一个。", en="Choose one of the three faces.")
    return FACE_GRADES[Face(face)][0]


class SubjectKind(StrEnum):
    """What is reviewed: online each matter once (一事一评), on the spot each visit once (一次一评)."""

    CASE = "case"
    TICKET = "ticket"
    QUEUE = "queue"

    @property
    def words(self) -> Words:
        """Return the kind as lists show it."""
        return _SUBJECT_WORDS[self]


_SUBJECT_WORDS = {
    SubjectKind.CASE: Words("办件", "Case"),
    SubjectKind.TICKET: Words("诉求工单", "Ticket"),
    SubjectKind.QUEUE: Words("窗口办理", "Visit to a window"),
}


class ReviewChannel(StrEnum):
    """By which way a review came in (GB/T 39046-2020: PC端、移动端、二维码、大厅平板、大厅其他终端、电话、短信)."""

    PORTAL = "portal"
    MOBILE = "mobile"
    QR = "qr"
    TABLET = "tablet"
    KIOSK = "kiosk"
    PHONE = "phone"
    SMS = "sms"

    @property
    def words(self) -> Words:
        """Return the way as the standard names it."""
        return _CHANNEL_WORDS[self]


_CHANNEL_WORDS = {
    ReviewChannel.PORTAL: Words("PC端", "Website"),
    ReviewChannel.MOBILE: Words("移动端", "Mobile"),
    ReviewChannel.QR: Words("二维码", "QR code"),
    ReviewChannel.TABLET: Words("大厅平板", "Tablet at the window"),
    ReviewChannel.KIOSK: Words("大厅其他终端", "Other device in the hall"),
    ReviewChannel.PHONE: Words("电话", "Phone"),
    ReviewChannel.SMS: Words("短信", "SMS"),
}


# Whoever opens a link is not known, whoever may be signed in on that phone.
LINK_CHANNELS = (ReviewChannel.SMS, ReviewChannel.QR)


class Tag(StrEnum):
    """Why, in one tap; the indicators of the standard, on the spot and online."""

    FAST = "fast"
    CLEAR = "clear"
    KIND = "kind"
    EASY = "easy"
    SLOW = "slow"
    UNCLEAR = "unclear"
    UNKIND = "unkind"
    HARD = "hard"
    MORE_ASKED = "more_asked"
    ONCE_MORE = "once_more"

    @property
    def words(self) -> Words:
        """Return the reason as the person reads it."""
        return _TAG_WORDS[self]


_TAG_WORDS = {
    Tag.FAST: Words("办得快", "It was quick"),
    Tag.CLEAR: Words("讲得清楚", "Well explained"),
    Tag.KIND: Words("态度好", "Kind and patient"),
    Tag.EASY: Words("网上好操作", "Easy to use online"),
    Tag.SLOW: Words("办得慢", "It took too long"),
    Tag.UNCLEAR: Words("没讲清楚，或指南不准", "Not explained clearly, or the guide was wrong"),
    Tag.UNKIND: Words("态度不好", "Not kind"),
    Tag.HARD: Words("网上不好操作", "Hard to use online"),
    Tag.MORE_ASKED: Words("要了清单以外的材料", "Papers were asked for beyond the list"),
    Tag.ONCE_MORE: Words("多跑了一次", "One visit more than promised"),
}
GOOD_TAGS = (Tag.FAST, Tag.CLEAR, Tag.KIND, Tag.EASY)
BAD_TAGS = (Tag.SLOW, Tag.UNCLEAR, Tag.UNKIND, Tag.HARD, Tag.MORE_ASKED, Tag.ONCE_MORE)


def tags_for(grade: Grade) -> tuple[Tag, ...]:
    """Return the reasons offered with a grade: praise, complaints, or both for the one in the middle."""
    if grade is Grade.FAIR:
        return (*GOOD_TAGS, *BAD_TAGS)
    return BAD_TAGS if grade.is_bad else GOOD_TAGS


def kept_tags(chosen: Iterable[str]) -> list[str]:
    """Return the known reasons among what was sent, each once, in their order."""
    wanted = set(chosen)
    return [tag.value for tag in Tag if tag.value in wanted]


def check_text(text: str) -> str:
    """Return what somebody wrote, without blanks around it. Raises CannotReview when it is too long."""
    kept = text.strip()
    if len(kept) > LONGEST_TEXT:
        raise CannotReview(
            zh=f"评价最多{LONGEST_TEXT}字。请缩短，或另提一件诉求写明情况。",
            en=f"At most {LONGEST_TEXT} characters. Shorten it, or raise a ticket to tell the whole story.",
        )
    return kept


# Telephone, document and plate numbers, addresses of mail and of the net: five characters in a row that could be one.
_IDENTIFYING = re.compile(r"[0-9０-９]{5,}|@|https?:|[A-Za-z0-9]{6,}")


def check_excerpt(excerpt: str, private: Iterable[str] = ()) -> str:
    """Return an excerpt that may be shown in public. Raises CannotReview when it could tell who wrote it.

    ``private`` are words that must not stand in it: the person's name and number, whatever is known of him.

    >>> check_excerpt(" 等了两个小时 ", ["王小明"])
    '等了两个小时'
    """
    kept = excerpt.strip()
    if not 0 < len(kept) <= LONGEST_EXCERPT:
        raise CannotReview(
            zh=f"公开摘录须有内容，最多{LONGEST_EXCERPT}字。",
            en=f"An excerpt to publish has 1 to {LONGEST_EXCERPT} characters.",
        )
    named = [word for word in private if len(word) > 1 and word in kept]
    if named or _IDENTIFYING.search(kept):
        raise CannotReview(
            zh="摘录里有姓名、号码或地址，可能认出是谁写的。请删去后再公开。",
            en="The excerpt holds a name, a number or an address that tells who wrote it. Take it out first.",
        )
    return kept
