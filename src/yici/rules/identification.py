"""How a person at the window shows who he is, and what counts as proof (规定 art. 9, second paragraph)."""

from collections.abc import Iterable
from enum import StrEnum

from yici.rules.refusals import Refusal
from yici.rules.words import Words


class IdentificationWay(StrEnum):
    """How the clerk came to know whom he serves."""

    CARD = "card"  # the reader read the resident identity card
    NUMBER = "number"  # card in hand, name and number typed
    SHOWN_CODE = "shown_code"  # the QR code of the person's own signed-in phone
    SPOKEN_CODE = "spoken_code"  # name, and the one-time number read from the person's own signed-in phone
    DOCUMENTS = "documents"  # two other documents that name him

    @property
    def words(self) -> Words:
        """Return the way as page and receipt say it."""
        return _WAY_WORDS[self]


_WAY_WORDS = {
    IdentificationWay.CARD: Words("读取居民身份证", "Identity card read"),
    IdentificationWay.NUMBER: Words("核对证件，录入姓名和号码", "Card checked, name and number typed"),
    IdentificationWay.SHOWN_CODE: Words("本人手机身份码", "Code of the person's own phone"),
    IdentificationWay.SPOKEN_CODE: Words("姓名加本人手机一次性数字码", "Name and the one-time number of the phone"),
    IdentificationWay.DOCUMENTS: Words("两种其他有效证件", "Two other valid documents"),
}


class Document(StrEnum):
    """Documents that prove who somebody is where no law demands the identity card itself (规定 art. 9)."""

    HOUSEHOLD_BOOK = "household_book"
    RESIDENCE_PERMIT = "residence_permit"
    DRIVING_LICENCE = "driving_licence"
    SOCIAL_SECURITY_CARD = "social_security_card"
    CITIZEN_CARD = "citizen_card"
    SENIOR_CARD = "senior_card"
    PASSPORT = "passport"

    @property
    def words(self) -> Words:
        """Return the name of the document."""
        return _DOCUMENT_WORDS[self]


_DOCUMENT_WORDS = {
    Document.HOUSEHOLD_BOOK: Words("户口本", "Household book"),
    Document.RESIDENCE_PERMIT: Words("居住证", "Residence permit"),
    Document.DRIVING_LICENCE: Words("驾驶证", "Driving licence"),
    Document.SOCIAL_SECURITY_CARD: Words("社会保障卡", "Social security card"),
    Document.CITIZEN_CARD: Words("市民卡", "Citizen card"),
    Document.SENIOR_CARD: Words("老年卡", "Senior citizen's card"),
    Document.PASSPORT: Words("护照", "Passport"),
}
# One document can be borrowed or lost; two that name the same person are as good as the card.
FEWEST_DOCUMENTS = 2


class CannotIdentify(Refusal):
    """The person at the window could not be identified like this; nobody's records were opened."""


def checked_documents(seen: Iterable[str]) -> tuple[Document, ...]:
    """Return the documents the clerk saw, each once. Raises CannotIdentify for fewer than two that count.

    >>> [one.value for one in checked_documents(["passport", "driving_licence", "passport"])]
    ['driving_licence', 'passport']
    """
    known = {one.value: one for one in Document}
    counted = tuple(sorted({known[text] for text in seen if text in known}))
    if len(counted) < FEWEST_DOCUMENTS:
        raise CannotIdentify(
            zh="没有身份证时，须当面核对两种能证明身份的证件（规定第九条），并逐一勾选。",
            en="Without the identity card, check two other documents that name the person (article 9) and tick both.",
        )
    return counted
