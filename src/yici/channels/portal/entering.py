"""What happens whenever somebody has signed in: a fresh session that knows the way, the level and the device."""

from typing import Any

from django.contrib.auth import SESSION_KEY, login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from yici.apps.people import second_factor, signing
from yici.rules.items import Assurance

BACKEND = "django.contrib.auth.backends.ModelBackend"
# In the order in which a browser's description must be searched: each also bears the names of those after it.
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("AlipayClient", "Alipay"),
    ("HuaweiBrowser", "Huawei"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device_of(described: str) -> str:
    """Return browser and system as a person knows them, "" when they cannot be told.

    >>> device_of("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0")
    'Edge · Windows'
    """
    found = [next((name for sign, name in table if sign in described), "") for table in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found))


def target_of(request: HttpRequest) -> str:
    """Return where the person wanted to go, "" unless it is a page of this site."""
    return safe(request, request.POST.get("next") or request.GET.get("next") or "")


def safe(request: HttpRequest, wanted: str) -> str:
    """Return an address if it is a path of this site, else ""."""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else ""


def enter(
    request: HttpRequest, account: Any, *, way: str, level: Assurance, kept: dict[str, str] | None = None
) -> None:
    """Sign an account in: a new key for the session, and what it proved. The browser's own draft comes along."""
    browser = request.session.get("browser")
    is_again = SESSION_KEY in request.session
    login(request, account, backend=BACKEND)
    if is_again:
        request.session.cycle_key()
    for key in (signing.FACTOR, signing.AWAITS, "id_token"):
        request.session.pop(key, None)
    request.session[signing.WAY], request.session[signing.LEVEL] = way, level.value
    request.session[signing.DEVICE] = device_of(request.headers.get("User-Agent", ""))
    if second_factor.is_asked_of(account):
        request.session[signing.AWAITS] = True
    request.session.update(kept or {})
    if browser:
        request.session["browser"] = browser
    signing.note_sign_in(account=account, way=way, level=level, now=timezone.now())


def go_on(request: HttpRequest, account: Any, wanted: str = "") -> HttpResponse:
    """Send the browser on after signing in: for the second factor first where one is due."""
    target = wanted or target_of(request) or ("/desk/" if account.staff_id is not None else "/")
    if request.session.get(signing.AWAITS):
        return redirect(f"/second-factor?{urlencode({'next': target})}")
    return redirect(target)
