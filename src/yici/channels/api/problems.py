"""Says what went wrong so that a program and its maker understand it (RFC 9457, application/problem+json)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec
from django.http import Http404, HttpRequest, HttpResponse

from yici.channels.look.middleware import ViewerRequest
from yici.rules.forms import CannotReadForm
from yici.rules.refusals import Refusal

P = ParamSpec("P")
Body = TypeVar("Body")
View = Callable[Concatenate[ViewerRequest, P], HttpResponse]

JSON = "application/json"
PROBLEM = "application/problem+json"
LARGEST_BODY = 100_000


class Problem(Exception):
    """An answer that is no success; ``kind`` is the last part of its type and stays the same for ever."""

    def __init__(self, status: int, kind: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.kind, self.detail, self.more = status, kind, detail, more


def refused(refusal: Refusal, status: int, kind: str) -> Problem:
    """Return a refusal as a problem: its sentence in both languages, and each field that cannot be read."""
    more: dict[str, Any] = {"detail_zh": refusal.text("zh")}
    if isinstance(refusal, CannotReadForm):
        more["fields"] = {key: {"zh": words.zh, "en": words.en} for key, words in refusal.faults.items()}
    return Problem(status, kind, refusal.text("en"), **more)


TITLES = {
    "not-found": "There is nothing here for you",
    "method-not-allowed": "This address does not do that",
    "unreadable": "The body cannot be read",
    "invalid": "A value is not right",
    "refused": "The act was refused",
    "sign-in": "Sign in first",
    "forgery": "The request may come from another site",
    "too-large": "The body is too large",
    "key-missing": "The header Idempotency-Key is missing",
    "key-reused": "The Idempotency-Key was used for something else",
}


def answer(document: Any, status: int = 200) -> HttpResponse:
    """Return a JSON answer that nobody on the way keeps."""
    response = HttpResponse(msgspec.json.encode(document), content_type=JSON, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def problem(status: int, kind: str, detail: str, **more: Any) -> HttpResponse:
    """Return a problem document."""
    document = {"type": f"/api/v1/problems#{kind}", "title": TITLES[kind], "status": status, "detail": detail, **more}
    response = HttpResponse(msgspec.json.encode(document), content_type=PROBLEM, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _said(found: Problem) -> HttpResponse:
    return problem(found.status, found.kind, found.detail, **found.more)


def endpoint(*methods: str) -> Callable[[View[P]], View[P]]:
    """Let a view answer some methods, and turn whatever it raises into a problem document."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: ViewerRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in methods:
                return _wrong_method(methods)
            try:
                return view(request, *args, **kwargs)
            except Problem as found:
                return _said(found)
            except Refusal as refusal:
                return _said(refused(refusal, 422, "invalid"))
            except Http404:
                return _nothing()

        return guarded

    return decorate


def _wrong_method(methods: tuple[str, ...]) -> HttpResponse:
    response = problem(405, "method-not-allowed", f"Use {' or '.join(methods)}.")
    response["Allow"] = ", ".join(methods)
    return response


def _nothing() -> HttpResponse:
    return problem(404, "not-found", "The address is wrong, or what it names belongs to somebody else.")


def not_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer addresses of the interface that do not exist."""
    return _nothing()


def read(request: HttpRequest, kind: type[Body]) -> Body:
    """Return the body as a value of a type. Raises Problem that names the place and the reason."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        raise Problem(413, "too-large", f"Send at most {LARGEST_BODY} bytes.")
    if b"\\u0000" in request.body:
        raise Problem(422, "invalid", "Text holds a null character, which nobody can read. Leave it out.")
    try:
        return msgspec.json.decode(request.body, type=kind)
    except msgspec.ValidationError as error:
        raise Problem(422, "invalid", f"{error}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem(400, "unreadable", f"Send one JSON object in UTF-8: {error}.") from error
