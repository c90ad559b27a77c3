"""Reads the shared form as a browser sent it: typed fields, disputes, the version and the visits that were seen."""

from django.http import HttpRequest


def typed_fields(request: HttpRequest) -> dict[str, dict[str, str]]:
    """Split what was sent into typed fields and disputes; a dispute counts only where its box is ticked."""
    sent = request.POST
    disputes = {
        key.removeprefix("own."): sent[key]
        for key in sent
        if key.startswith("own.") and sent.get(f"dispute.{key.removeprefix('own.')}")
    }
    return {"fields": {key: str(value) for key, value in sent.items() if "." not in key}, "disputes": disputes}


def version_sent(request: HttpRequest) -> int:
    """Return the version of the draft that the page was made from; 0 for rubbish, which no draft has."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def visits_seen(request: HttpRequest) -> int | None:
    """Return the number of visits the person saw before submitting."""
    text = request.POST.get("seen_visits", "")
    return int(text) if text.isdecimal() and len(text) < 4 else None
