"""Hands over a paper that was kept: under its name, and never as anything a browser would run."""

from django.http import HttpResponse


def paper_response(filename: str, kind: str, content: bytes, *, shown: bool = False) -> HttpResponse:
    """Return the paper to be saved, or to be ``shown`` where the browser can; it stays in no cache.

    The name is sent as RFC 6266 has it: in UTF-8, every byte quoted.
    """
    response = HttpResponse(content, content_type=kind)
    name = "".join(f"%{byte:02X}" for byte in filename.encode())
    how = "inline" if shown else "attachment"
    response["Content-Disposition"] = f"{how}; filename=\"paper\"; filename*=UTF-8''{name}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
