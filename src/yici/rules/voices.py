"""What a voice must say to become a ticket, and what it may leave out: names are never needed (济南 art. 16)."""

from dataclasses import dataclass

from yici.rules.refusals import Refusal
from yici.rules.tickets import TicketChannel, TicketKind, Urgency

LONGEST_SUBJECT, LONGEST_DETAIL = 200, 8000


class CannotFile(Refusal):
    """A voice that cannot become a ticket as it is; nothing was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One contact as it came in, from whatever channel, before anybody has judged it.

    ``sealed``: the reporter is known to the keeper of the seal alone. ``keep_secret``: handlers see no contact.
    """

    kind: TicketKind
    channel: TicketChannel
    region_code: str
    subject: str
    detail: str
    urgency: Urgency = Urgency.ORDINARY
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    anonymous: bool = False
    sealed: bool = False
    keep_secret: bool = False
    wants_answer: bool = True
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    item_key: str = ""
    external_reference: str = ""
    language: str = "zh"


def check_voice(voice: Voice) -> None:
    """Raise CannotFile for a voice without words, too long, at an impossible place or sealed without being a report.

    >>> check_voice(Voice(kind=TicketKind.HELP, channel=TicketChannel.PHONE, region_code="330122", subject="路灯",
    ...     detail="路灯不亮"))
    """
    if not (voice.subject.strip() and voice.detail.strip()):
        raise CannotFile(
            zh="请写明标题和内容：发生了什么、在哪里、希望怎样解决。",
            en="Write a title and what happened, where, and what you would like.",
        )
    if len(voice.subject) > LONGEST_SUBJECT or len(voice.detail) > LONGEST_DETAIL:
        raise CannotFile(
            zh=f"标题最多{LONGEST_SUBJECT}字，内容最多{LONGEST_DETAIL}字。请缩短，或把材料作为附件上传。",
            en=f"At most {LONGEST_SUBJECT} characters of title and {LONGEST_DETAIL} of text. Shorten it, or attach a "
            "file.",
        )
    _check_place(voice)
    if voice.sealed and voice.kind not in {TicketKind.REPORT, TicketKind.COMPLAINT}:
        raise CannotFile(
            zh="只有举报和投诉可以密封身份。其他诉求可以选择匿名或保密联系方式。",
            en="Only reports and complaints are sealed. For all else stay unnamed, or ask to keep the contact secret.",
        )


def _check_place(voice: Voice) -> None:
    if (voice.latitude is None) != (voice.longitude is None):
        raise CannotFile(zh="请同时提供经度和纬度。", en="Give both latitude and longitude.")
    if voice.latitude is not None and voice.longitude is not None:
        sound = abs(voice.latitude) <= 90 and abs(voice.longitude) <= 180
        if not sound:
            raise CannotFile(
                zh="经纬度超出范围。纬度为-90到90，经度为-180到180。",
                en="There is no such place: latitude is -90 to 90, longitude -180 to 180.",
            )
