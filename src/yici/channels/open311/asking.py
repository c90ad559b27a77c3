"""What a GeoReport v2 client sends, read and checked; an empty argument counts as none given, as the standard says."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from yici.apps.tickets.platforms import LONGEST_SPAN, Asked, Caller, Paper, caller_of, path_of, voice_of
from yici.rules.ticket_categories import CATEGORIES
from yici.rules.voices import Voice

LONGEST_DESCRIPTION = 4000  # characters, GeoReport v2
_OPEN = {"open": True, "closed": False}
_CONTACT = {"contact_phone": "phone", "contact_email": "email"}


class Wrong(Exception):
    """A question that cannot be answered: the status of the standard and a sentence."""

    def __init__(self, status: int, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.status = status
        self.sentence = f"{zh} {en}"


def form_of(request: HttpRequest) -> Mapping[str, str]:
    """Return what was sent with a question or a form, without what is empty. Raises Wrong."""
    sent = request.POST if request.method == "POST" else request.GET
    found = {key: value for key, value in sent.items() if isinstance(value, str) and value.strip()}
    if any("\0" in value for value in found.values()):
        raise Wrong(400, "文字中有空字符。", "There is a null character in the text.")
    return found


def caller_if_any(sent: Mapping[str, str]) -> Caller | None:
    """Return the platform that asks, None where no key was sent. Raises NotLetIn for a wrong key."""
    return caller_of(sent["api_key"]) if "api_key" in sent else None


def asked(sent: Mapping[str, str], *, now: datetime) -> Asked:
    """Return which requests are asked for: without dates, those of the last 90 days. Raises Wrong."""
    until = _moment(sent, "end_date")
    since = _moment(sent, "start_date")
    if since is None:
        since = (until or now) - LONGEST_SPAN
    until = until or min(since + LONGEST_SPAN, now)
    if until - since > LONGEST_SPAN:
        raise Wrong(400, "起止日期最多相隔90天。", "start_date and end_date may span 90 days at most.")
    return Asked(
        references=_words(sent, "service_request_id"),
        services=_words(sent, "service_code"),
        since=since,
        until=until,
        is_open=_is_open(sent),
        region_path=_path(sent["jurisdiction_id"]) if "jurisdiction_id" in sent else "",
    )


def _words(sent: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in sent.get(name, "").split(",") if word.strip())[:1000]


def _moment(sent: Mapping[str, str], name: str) -> datetime | None:
    if name not in sent:
        return None
    try:
        found = parse_datetime(sent[name].strip().replace(" ", "+"))  # a + that a client forgot to escape
    except ValueError:
        found = None
    if found is None or not 1970 <= found.year <= 9000:
        raise Wrong(
            400,
            f"{name} 应为带时区的时间，如 2018-03-12T10:00:00+08:00。",
            f"{name} is a moment with its offset, such as 2018-03-12T10:00:00+08:00.",
        )
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _is_open(sent: Mapping[str, str]) -> bool | None:
    states = {word.lower() for word in _words(sent, "status")}
    if not states <= set(_OPEN):
        raise Wrong(400, "status 只能是 open 或 closed。", "status is open or closed.")
    return _OPEN[states.pop()] if len(states) == 1 else None


def _path(code: str) -> str:
    path = path_of(code)
    if not path:
        raise Wrong(404, "没有这个 jurisdiction_id（行政区划代码）。", "There is no such jurisdiction_id.")
    return path


def service_code(sent: Mapping[str, str]) -> str:
    """Return the service that is asked for. Raises Wrong."""
    code = sent.get("service_code", "")
    if not code:
        raise Wrong(400, "缺少 service_code。", "service_code was not provided.")
    return known_service(code)


def known_service(code: str) -> str:
    """Return a service's code. Raises Wrong where the list of services does not have it."""
    leaf = CATEGORIES.get(code)
    if leaf is None or not leaf.duty:
        raise Wrong(404, "没有这个 service_code。", "service_code was not found.")
    return code


def voice(sent: Mapping[str, str], caller: Caller) -> Voice:
    """Return what a platform posts as a voice. Raises Wrong."""
    region = sent.get("jurisdiction_id", caller.region_code).strip()
    if not _path(region).startswith(caller.path):
        raise Wrong(404, "该 jurisdiction_id 不在本平台的范围内。", "This jurisdiction_id is not yours to file for.")
    if len(sent.get("description", "")) > LONGEST_DESCRIPTION:
        raise Wrong(400, "description 最多4000字。", "description has at most 4000 characters.")
    latitude, longitude = _number(sent, "lat"), _number(sent, "long")
    if "address_string" not in sent and "address_id" not in sent and (latitude is None or longitude is None):
        raise Wrong(
            400,
            "请提供 lat 和 long，或 address_string，或 address_id。",
            "Give lat and long, or address_string, or address_id.",
        )
    name = f"{sent.get('last_name', '')}{sent.get('first_name', '')}".strip()
    return voice_of(
        caller=caller,
        region_code=region,
        service_code=service_code(sent),
        detail="\n".join(part for part in (sent.get("description", ""), sent.get("media_url", "")) if part),
        contact_name=name,
        **{ours: sent.get(theirs, "") for ours, theirs in _CONTACT.items()},
        address=sent.get("address_string", sent.get("address_id", "")),
        latitude=latitude,
        longitude=longitude,
        external_reference=sent.get("account_id", ""),
    )


def _number(sent: Mapping[str, str], name: str) -> float | None:
    if name not in sent:
        return None
    try:
        return float(sent[name])
    except ValueError as error:
        raise Wrong(400, f"{name} 应为数字。", f"{name} is a number.") from error


def paper(request: HttpRequest) -> Paper | None:
    """Return the picture sent as ``media``, if any."""
    sent = request.FILES.get("media")
    return Paper(sent.name or "media", sent.read()) if sent else None
