"""Lets anybody check a licence: by its number, by its file, by its QR code, with or without a network."""

import base64
import json
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from yici.apps.licences import queries as licences
from yici.apps.licences.keys import seal_folder, the_seal

# A licence of one page is below 1 MB even with its embedded font; more is not one of ours.
LARGEST_PDF = 5_000_000
LONGEST_CODE = 120


@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for an identifier or a file, and say whether the licence stands."""
    if request.method == "POST":
        return _verify_file(request)
    code = cleaned_code(request.GET.get("code", ""))
    if not code:
        return _page(request)
    found = licences.verify(code, today=timezone.localdate())
    return _page(request, code=code, found=found, message="" if found else _unknown(), status=200 if found else 404)


def cleaned_code(text: str) -> str:
    """Return what was typed without spaces and characters that no code holds."""
    return "".join(sign for sign in text[:LONGEST_CODE] if sign.isprintable() and not sign.isspace())


def _unknown() -> str:
    return _("We have issued no licence with this identifier or number. Compare it with the paper, sign by sign.")


@never_cache
@require_safe
def verify_code(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Answer the QR code of a licence; what follows # in the address stays in the browser and is checked there."""
    found = licences.verify(str(public_id), today=timezone.localdate())
    return _page(request, found=found, message="" if found else _unknown(), status=200 if found else 404)


def _verify_file(request: HttpRequest) -> HttpResponse:
    sent = request.FILES.get("file")
    document = sent.read(LARGEST_PDF + 1) if sent else b""
    if not document.startswith(b"%PDF-") or len(document) > LARGEST_PDF:
        return _page(request, message=_("Choose the PDF of the licence as it was issued, 5 MB at most."), status=422)
    intact, found = licences.verify_file(document, today=timezone.localdate())
    if not intact:
        return _page(request, message=_broken_seal())
    if found is None:
        return _page(request, message=_("The file carries our seal, but no licence in our register has this file."))
    return _page(request, found=found, from_file=True)


def _broken_seal() -> str:
    return _("This file does not carry our untouched seal: it is not ours, or somebody changed it after it was issued.")


def _page(
    request: HttpRequest,
    *,
    code: str = "",
    found: licences.Verification | None = None,
    from_file: bool = False,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "code": code,
        "found": found,
        "from_file": from_file,
        "message": message,
        "now": timezone.now(),
        "key": json.dumps(public_jwk()),
    }
    return render(request, "public/verify.html", context, status=status)


@cache_control(no_cache=True)
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """Show the page that the browser keeps for moments without a network; it holds nothing of anybody."""
    return render(request, "public/verify_offline.html", {"key": json.dumps(public_jwk())})


@require_GET
@cache_control(max_age=3600)
def key(request: HttpRequest) -> HttpResponse:
    """Give the public key of the seal, so that others can write their own checker: PEM, or JWK with ?format=jwk."""
    if request.GET.get("format") == "jwk":
        return JsonResponse(public_jwk(), content_type="application/jwk+json")
    pem = seal_public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return HttpResponse(pem, content_type="application/x-pem-file")


def seal_public_key() -> ec.EllipticCurvePublicKey:
    """Return the public key that licences are checked with."""
    return the_seal(seal_folder(settings.DATA_DIR)).public_key()


def public_jwk() -> dict[str, str]:
    """Return the public key as browsers import it (RFC 7517)."""
    numbers = seal_public_key().public_numbers()
    x, y = (base64.urlsafe_b64encode(part.to_bytes(32)).rstrip(b"=").decode() for part in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "alg": "ES256", "use": "sig"}
