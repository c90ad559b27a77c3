"""Says spans of time as people do."""

from django.utils.translation import gettext as _

_HOURS = 24
_MINUTES = 60


def span_words(days: float | None) -> str:
    """Return a span of days: days from one day on, else hours, else minutes; a dash for none."""
    if days is None:
        return "–"
    if days >= 1:
        return _("%(n)s days") % {"n": f"{days:.1f}"}
    hours = days * _HOURS
    if hours >= 1:
        return _("%(n)s h") % {"n": f"{hours:.1f}"}
    return _("%(n)s min") % {"n": round(hours * _MINUTES)}
