"""What a story of referrals needs: a paper that a rule demands, and many who complained of it in the last weeks."""

import json
from datetime import date
from typing import Any

from playwright.sync_api import Page

from tests.journeys.acting import Site

ITEM, PERSON = "fertility_registration", "shendamin"
OFFICE, SECOND, LIAISON = "reform.330122", "reform.330000", "congress.330000"
STATION, WINDOW = "station.330122001", "government_service_hall.330122.window"
AFTER = 2  # months from now: surely past the day on which the amendment comes into force
# The register is asked by data in the demo's file; here people still bring the original, as the rule has it.
BY_DATA = "  - data population.household_page\n  - licence household_page\n  - original population.household_page\n"
BY_PAPER = "  - original population.household_page\n"
# Forty about the provincial regulation, twenty about a national law, twenty about a notice of the offices themselves.
BEFORE = f"""
import django; django.setup()
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from django.utils import timezone
from yici.apps.catalogue.actions import import_catalogue
from yici.apps.catalogue.queries import text_of
from yici.apps.people.models import Account
from yici.apps.people.viewers import viewer_of
from yici.apps.tickets import actions
from yici.apps.topics.finding import find_topics
from yici.apps.topics.weeks import last_whole_week
from yici.rules.tickets import TicketChannel, TicketKind
from yici.rules.voices import Voice
now = timezone.now()
text = text_of("{ITEM}", "")
assert {BY_DATA!r} in text
with TemporaryDirectory() as folder:
    file = Path(folder) / "item.yaml"
    file.write_text(text.replace({BY_DATA!r}, {BY_PAPER!r}), encoding="utf-8")
    import_catalogue(path=file, by="system:test", now=now)
operator, person = (viewer_of(Account.objects.get(login=one)) for one in ("hotline.330122", "{PERSON}"))
SAID = [
    ("{ITEM}", 40, "生育登记要户口簿", "生育登记窗口一定要户口簿原件，为这张纸跑了两趟。"),
    ("household_marital_change", 20, "婚姻状况变更要户口簿", "到派出所变更婚姻状况，一定要带户口簿原件。"),
    ("senior_card", 20, "优待证要户口簿复印件", "给老人办优待证，非要户口簿复印件不可。"),
]
monday = timezone.make_aware(datetime.combine(last_whole_week(now), datetime.min.time())) + timedelta(hours=9)
for item, count, subject, detail in SAID:
    for number in range(count):
        own = item == "{ITEM}" and number == 0
        voice = Voice(
            kind=TicketKind.COMPLAINT, channel=TicketChannel.PORTAL if own else TicketChannel.PHONE,
            region_code="330122", subject=subject, detail=detail, item_key=item,
            contact_phone=f"137{{len(item):03}}{{number:05}}",
        )
        at = monday - timedelta(days=7 * (number % 4 == 3)) + timedelta(days=number % 5, minutes=7 * number)
        made = actions.file(voice=voice, by=person if own else operator, now=at)
        if own:
            print(made.reference)
print(len(find_topics(now=now).opened))
"""
# The day after tomorrow, as the jobs will find it: what was published comes into force, and people are told.
A_DAY_COMES = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from yici.apps.reform.actions import bring_into_force
from yici.apps.referrals.following import follow_all
now = timezone.now() + timedelta(days=4)
bring_into_force(now=now, by="system:reform")
print(follow_all(now=now), follow_all(now=now))
"""


def ask_by_data(page: Page, site: str, reason: str) -> None:
    """Take the paper away in the editor's text, as the amended article allows, and keep the draft."""
    page.goto(f"{site}/bench/items/{ITEM}?view=text")
    text = page.locator("#text").input_value()
    page.locator("#text").fill(text.replace(BY_PAPER, BY_DATA))
    page.locator("#reason").fill(reason)
    page.locator("button[value=save]").click()


def simulated(site: Site, *words: str, since: date) -> Any:
    """Run `yici simulate` on the site and return what it says it made."""
    return json.loads(site.yici("simulate", *words, "--since", since.isoformat(), "--json"))


def month_from(month: date, away: int) -> date:
    """Return the first day of the month so many months after (or before) this one."""
    years, place = divmod(month.month - 1 + away, 12)
    return date(month.year + years, place + 1, 1)
