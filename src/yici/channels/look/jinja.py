"""What every page template can say: addresses, dates in words, sentences in the person's language."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context

from yici.channels.look import sentences
from yici.channels.look.figures import bar_of, figure_words, month_words
from yici.channels.look.languages import language, name_of, say

_WEEKDAYS_ZH = "一二三四五六日"


def day_words(value: date | datetime | None, *, weekday: bool = False, year: bool = True) -> str:
    """Return a local day: 2018年2月9日（周五） or 9 February 2018 (Fri); without its year for the days just ahead."""
    if value is None:
        return ""
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    if language() == "en":
        named = f"{local:%B %Y}" if year else f"{local:%b}"
        return f"{local.day} {named}" + (f" ({local:%a})" if weekday else "")
    return (
        (f"{local.year}年" if year else "")
        + f"{local.month}月{local.day}日"
        + (f"（周{_WEEKDAYS_ZH[local.weekday()]}）" if weekday else "")
    )


def moment_words(value: datetime | None) -> str:
    """Return a local day with hours and minutes."""
    return f"{day_words(value)} {timezone.localtime(value):%H:%M}" if value else ""


def clock_words(value: datetime) -> str:
    """Return the local hours and minutes of a moment: 09:30."""
    return f"{timezone.localtime(value):%H:%M}"


def yuan(fen: int) -> str:
    """Return an amount of money; fen are 1/100 yuan."""
    return f"¥{fen // 100:,}.{fen % 100:02d}" if fen % 100 else f"¥{fen // 100:,}"


def url(name: str, *args: object) -> str:
    """Return the address of a page."""
    return reverse(name, args=args)


@pass_context
def here(context: Context) -> str:
    """Return the address of this page, to come back to it after a switch of language."""
    return str(context["request"].get_full_path())


def is_demo(request: HttpRequest) -> dict[str, bool]:
    """Say to every page whether this is the demonstration; read at each page, so no first page fixes it."""
    return {"demo": settings.DEMO}


SENTENCES = ("spoken", "value_words", "level_words", "assurance_words", "when_words", "evidence_words")


def environment(**options: Any) -> Environment:
    """Build the template environment; a template that uses an unknown name fails instead of showing nothing."""
    made = Environment(**{**options, "undefined": StrictUndefined, "extensions": ["jinja2.ext.i18n"]})
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    made.globals.update(
        static=static,
        url=url,
        here=here,
        language=language,
        say=say,
        name_of=name_of,
        clock_words=clock_words,
        figure_words=figure_words,
        bar_of=bar_of,
    )
    made.globals.update(get_messages=get_messages, clock_words=clock_words)
    made.globals.update({name: getattr(sentences, name) for name in SENTENCES})
    made.filters.update(say=say, day=day_words, moment=moment_words, yuan=yuan, name_of=name_of, month=month_words)
    return made
