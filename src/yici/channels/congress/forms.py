"""Reads what the forms of the congress room send."""

from datetime import date
from uuid import UUID

from django.http import QueryDict

from yici.rules.items import LegalBasis
from yici.rules.levels import Level
from yici.rules.referrals import CannotRefer, Content, Path, ReferralKind


def text_of(sent: QueryDict, name: str) -> str:
    """Return a text as the database can hold it."""
    return str(sent.get(name, "")).replace("\x00", "")


def kind_of(sent: QueryDict) -> ReferralKind:
    """Return the kind that was chosen. Raises CannotRefer for none."""
    kind = text_of(sent, "kind")
    if kind not in set(ReferralKind):
        raise CannotRefer(zh="请选择移送的形式。", en="Choose the form of the referral.")
    return ReferralKind(kind)


def content_of(sent: QueryDict) -> Content:
    """Return what a referral says."""
    path = sent.get("path", "")
    return Content(
        problem=text_of(sent, "problem"),
        wording=text_of(sent, "wording"),
        against=text_of(sent, "against"),
        path=Path(path) if path in set(Path) else None,
    )


def basis_of(sent: QueryDict) -> LegalBasis | None:
    """Return the rule and article somebody names by hand, None where none is named."""
    title, article, level = (text_of(sent, name).strip() for name in ("law", "article", "level"))
    if not title:
        return None
    if level not in set(Level) or not article:
        raise CannotRefer(zh="请写明条款，并选择法规的层级。", en="Name the article and choose the level of the rule.")
    return LegalBasis(title[:300], article[:120], Level(level))


def id_of(sent: QueryDict, name: str) -> UUID | None:
    """Return an id that was chosen, None where none was."""
    try:
        return UUID(str(sent.get(name, "")))
    except ValueError:
        return None


def day_of(sent: QueryDict, name: str) -> date:
    """Return a day. Raises CannotRefer."""
    try:
        return date.fromisoformat(str(sent.get(name, "")))
    except ValueError as error:
        raise CannotRefer(zh="请填写日期。", en="Give the day.") from error


def number_of(sent: QueryDict, name: str) -> int:
    """Return a whole number, 0 for what is none."""
    text = str(sent.get(name, "")).strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 0
