"""What each form of a referral's page does."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import QueryDict

from yici.apps.people.viewers import Viewer
from yici.apps.referrals import actions
from yici.channels.congress.forms import id_of, text_of
from yici.rules.referrals import CannotRefer

Act = Callable[[UUID, QueryDict, Viewer, datetime], None]


def _send(key: UUID, sent: QueryDict, by: Viewer, now: datetime) -> None:
    actions.send(referral_id=key, by=by, now=now)


def _register(key: UUID, sent: QueryDict, by: Viewer, now: datetime) -> None:
    actions.register(referral_id=key, by=by, now=now)


def _assign(key: UUID, sent: QueryDict, by: Viewer, now: datetime) -> None:
    words = {"committee": text_of(sent, "committee"), "words": text_of(sent, "words")}
    actions.assign(referral_id=key, unit_id=id_of(sent, "unit"), by=by, now=now, **words)


def _more_time(key: UUID, sent: QueryDict, by: Viewer, now: datetime) -> None:
    actions.more_time(referral_id=key, reason=text_of(sent, "words"), by=by, now=now)


def _answer(key: UUID, sent: QueryDict, by: Viewer, now: datetime) -> None:
    article = text_of(sent, "article")
    actions.answer(referral_id=key, words=text_of(sent, "words"), article=article, by=by, now=now)


def _accept(key: UUID, sent: QueryDict, by: Viewer, now: datetime) -> None:
    actions.accept(referral_id=key, words=text_of(sent, "words"), by=by, now=now)


def _redo(key: UUID, sent: QueryDict, by: Viewer, now: datetime) -> None:
    actions.redo(referral_id=key, reason=text_of(sent, "words"), by=by, now=now)


def _link(key: UUID, sent: QueryDict, by: Viewer, now: datetime) -> None:
    amendment, grant = id_of(sent, "amendment"), id_of(sent, "grant")
    if amendment is not None:
        actions.link_amendment(referral_id=key, amendment_id=amendment, by=by, now=now)
    elif grant is not None:
        actions.link_grant(referral_id=key, grant_id=grant, by=by, now=now)
    else:
        raise CannotRefer(zh="请选择一项修订或数据。", en="Choose a revision or data.")


def _close(key: UUID, sent: QueryDict, by: Viewer, now: datetime) -> None:
    actions.close(referral_id=key, reason=text_of(sent, "words"), by=by, now=now)


ACTS: dict[str, Act] = {
    "send": _send,
    "register": _register,
    "assign": _assign,
    "more_time": _more_time,
    "answer": _answer,
    "accept": _accept,
    "redo": _redo,
    "link": _link,
    "close": _close,
}
