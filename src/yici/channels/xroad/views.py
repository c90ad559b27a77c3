"""Answers members of other platforms over X-Road: what there is, what they may, and what we hold."""

from collections.abc import Callable
from typing import Annotated

import msgspec
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from msgspec import Meta, Struct

from yici.apps.registry import xroad
from yici.apps.registry.xroad import CannotServe, Member
from yici.channels.xroad import openapi
from yici.channels.xroad.messages import Envelope

LARGEST_BODY = 20_000
ACCESS_DENIED = "Server.ServerProxy.AccessDenied"
UNKNOWN_SERVICE = "Server.ServerProxy.UnknownService"
BAD_REQUEST = "Client.BadRequest"
_STATUS = {ACCESS_DENIED: 403, UNKNOWN_SERVICE: 404, BAD_REQUEST: 400}


class Asked(Struct, frozen=True, forbid_unknown_fields=True):
    """What a member asks: about which document numbers, which fields."""

    ids: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=40)]], Meta(min_length=1, max_length=xroad.MOST_IDS)
    ]
    fields: Annotated[list[Annotated[str, Meta(max_length=60)]], Meta(min_length=1, max_length=60)]


@csrf_exempt  # programs ask here, with a token instead of a cookie
def serve(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer one message; whatever is wrong with it comes back in X-Road's form, never as a fault of ours."""
    here = settings.XROAD_SUBSYSTEM
    words = rest.split("/")
    service = "/".join(words[:5])
    try:
        envelope = Envelope.of(request, service)
    except RequestDataTooBig:
        return HttpResponse(status=413)
    try:
        if "/".join(words[:4]) != here or len(words) < 5:
            raise _refusal(
                UNKNOWN_SERVICE, f"没有这项服务。本系统为 {here}。", f"There is no such service; we are {here}."
            )
        return _answered(request, envelope, words[4], "/".join(words[5:]))
    except CannotServe as refusal:
        return envelope.error(
            _STATUS.get(refusal.kind, 503), refusal.kind, f"{refusal.text('en')} {refusal.text('zh')}"
        )


def _answered(request: HttpRequest, envelope: Envelope, service: str, path: str) -> HttpResponse:
    member = xroad.member_of(envelope.client, envelope.token, now=timezone.now())
    about = _ABOUT_US.get(service)
    if about is not None and not path:
        if request.method != "GET":
            raise _refusal(BAD_REQUEST, "请用 GET。", "Use GET.")
        return envelope.answer(about(member, request.GET.get("serviceCode", "")))
    if service not in xroad.services() or path not in {"records", "seen"}:
        raise _refusal(UNKNOWN_SERVICE, "没有这项服务，listMethods 列出全部。", "No such service; see listMethods.")
    return _looked_up(request, envelope, member, service, path)


def _looked_up(request: HttpRequest, envelope: Envelope, member: Member, dataset: str, path: str) -> HttpResponse:
    asked = _asked(request)
    found = xroad.look_up(
        member=member,
        dataset=dataset,
        ids=list(dict.fromkeys(asked.ids)),
        fields=asked.fields,
        message=envelope.message,
        now=timezone.now(),
    )
    if path == "seen":
        return envelope.answer({number: sorted(values) for number, values in found.items()})
    rows = [
        {"id_number": number, **{name: values.get(name) for name in asked.fields}} for number, values in found.items()
    ]
    return envelope.answer({"records": rows})


def _asked(request: HttpRequest) -> Asked:
    if request.method != "POST":
        raise _refusal(BAD_REQUEST, "请用 POST，证件号码放在正文里。", "Use POST, with the numbers in the body.")
    if len(request.body) > LARGEST_BODY:
        raise _refusal(BAD_REQUEST, f"正文最多 {LARGEST_BODY} 字节。", f"Send at most {LARGEST_BODY} bytes.")
    try:
        return msgspec.json.decode(request.body, type=Asked)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        # msgspec names the place and the kind of the fault, never a value.
        raise _refusal(BAD_REQUEST, f"正文无法读取：{error}。", f"The body cannot be read: {error}.") from None


def _refusal(kind: str, zh: str, en: str) -> CannotServe:
    return CannotServe(kind, zh=zh, en=en)


def _list(services: dict[str, str]) -> dict[str, object]:
    instance, member_class, member, subsystem = settings.XROAD_SUBSYSTEM.split("/")
    who = {"xroad_instance": instance, "member_class": member_class, "member_code": member}
    return {
        "service": [
            {
                "member_class": who["member_class"],
                "member_code": who["member_code"],
                "object_type": "SERVICE",
                "service_code": code,
                "service_type": "OPENAPI",
                "subsystem_code": subsystem,
                "xroad_instance": who["xroad_instance"],
                "endpoint_list": [{"method": "POST", "path": "/records"}, {"method": "POST", "path": "/seen"}],
                "title": title,
            }
            for code, title in services.items()
        ]
    }


def _list_methods(member: Member, code: str) -> dict[str, object]:
    return _list({key: words.en for key, words in xroad.services().items()})


def _allowed_methods(member: Member, code: str) -> dict[str, object]:
    return _list({key: words.en for key, words in xroad.services().items() if key in member.allowed})


def _open_api(member: Member, code: str) -> dict[str, object]:
    fields = xroad.fields_of(code) if code in xroad.services() else {}
    if not fields:
        raise _refusal(
            UNKNOWN_SERVICE,
            "请在 serviceCode 中写明一项服务，listMethods 列出全部。",
            "Name a service in serviceCode; listMethods shows them.",
        )
    return openapi.document(code, xroad.services()[code], fields)


_ABOUT_US: dict[str, Callable[[Member, str], dict[str, object]]] = {
    "listMethods": _list_methods,
    "allowedMethods": _allowed_methods,
    "getOpenAPI": _open_api,
}
