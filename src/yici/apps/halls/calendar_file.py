"""Writes an appointment as a calendar file (iCalendar, RFC 5545) that any phone takes."""

from datetime import UTC, datetime, timedelta

from yici.apps.halls.views import AppointmentView
from yici.rules.appointments import AppointmentState

_MOMENT = "%Y%m%dT%H%M%SZ"
_LONGEST = 75  # octets a line may have (RFC 5545, 3.1)


def calendar_file(appointment: AppointmentView, *, language: str, address: str, now: datetime) -> str:
    """Return the file; the same appointment keeps its UID, so that a move changes the entry and adds none."""
    hall = appointment.hall
    name = hall.name_en if language == "en" else hall.name
    kind = appointment.queue_name.text(language)
    cancelled = appointment.state is AppointmentState.CANCELLED
    ends_at = appointment.starts_at + timedelta(minutes=appointment.minutes)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Yici//Appointments//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{appointment.public_id}@yici",
        f"DTSTAMP:{now.astimezone(UTC):{_MOMENT}}",
        f"DTSTART:{appointment.starts_at.astimezone(UTC):{_MOMENT}}",
        f"DTEND:{ends_at.astimezone(UTC):{_MOMENT}}",
        f"SEQUENCE:{appointment.moves + cancelled}",
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
        f"SUMMARY:{_escaped(f'{name} · {kind}')}",
        f"LOCATION:{_escaped(hall.address)}",
        f"DESCRIPTION:{_escaped(f'{appointment.reference} {address}')}",
        f"URL:{address}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in [_folded(line)])


def _escaped(text: str) -> str:
    r"""Return text with what means something to iCalendar escaped.

    >>> _escaped("a, b; c")
    'a\\, b\\; c'
    """
    for letter in "\\;,":
        text = text.replace(letter, f"\\{letter}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Fold a long line between characters, never inside one: a Chinese character has three octets."""
    parts, size = [""], 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _LONGEST:
            parts.append(" ")
            size = 1
        parts[-1] += letter
        size += octets
    return "\r\n".join(parts)
