"""The hotline in a real browser: a mother answered in the call; forty voices, one handling, forty answers."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.journeys import site as here
from tests.journeys.acting import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(here.CHROMIUM is None, reason="Chromium is not installed and could not be (needs root)"),
]
OPERATOR, UNIT, RESIDENT = "hotline.330122", "ecology.330122.reviewer", "hanli"
# Residents who wrote or called on other days; the fortieth writes in the browser.
FILE = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from tests.apps.forty_voices import OTHERS, PLACE, forty
from yici.apps.people.models import Account
from yici.apps.people.viewers import viewer_of
from yici.apps.tickets import actions
from yici.rules.tickets import TicketChannel, TicketKind
from yici.rules.voices import Voice
by = viewer_of(Account.objects.get(login="hotline.330122"))
channels = [TicketChannel.PHONE, TicketChannel.PORTAL, TicketChannel.MOBILE, TicketChannel.HALL]
rows = [(subject, detail, PLACE if place % 2 else "") for place, (subject, detail) in enumerate(forty())][:39]
for number, (subject, detail, address) in enumerate([*rows, *OTHERS]):
    voice = Voice(kind=TicketKind.COMPLAINT, channel=channels[number % 4], region_code="330122", subject=subject,
                  detail=detail, address=address, contact_phone=f"139000{number:05}")
    actions.file(voice=voice, by=by, now=timezone.now() - timedelta(hours=5 * (46 - number)))
"""
COUNT = """
import django; django.setup()
from yici.apps.tickets.models import Matter, Reply, Ticket
[matter] = Matter.objects.all()
keys = matter.tickets.values("pk")
print(matter.tickets.count(), Reply.objects.filter(ticket__in=keys, approved=True).count(),
      Ticket.objects.filter(pk__in=keys, leader=None).count())
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("hotline") / "data"
    with here.running_site(data) as address:
        yield Site(address, data)


def at_the_call(browser: Browser, site: Site, **more: object) -> Page:
    page = here.visitor(browser, site.address, **more)  # type: ignore[arg-type]
    here.sign_in(page, site.address, OPERATOR, "/hotline/call")
    return page


def press(page: Page, key: str) -> None:
    page.locator("main").focus()
    page.wait_for_timeout(700)  # what was typed last is being looked up
    page.keyboard.press(key)


def test_a_mother_is_answered_from_knowledge_in_the_call(browser: Browser, site: Site) -> None:
    page = at_the_call(browser, site)
    page.locator("#subject").focus()
    page.keyboard.type("女儿要上幼儿园，疫苗本弄丢了怎么补")
    page.wait_for_selector("#call-help button[name=article]")
    assert "桐庐：接种记录查询和接种证补办" in page.inner_text("#call-help")
    assert "预防接种" in page.inner_text("#call-help fieldset")

    press(page, "a")
    page.wait_for_url("**/hotline/tickets/**")

    text = page.inner_text("main")
    assert "当场答复" in text
    assert "以知识条目答复" in text
    assert "带家长身份证即可" in text
    page.goto(f"{site.address}/hotline/knowledge?tab=all")
    assert re.search(r"桐庐：接种记录查询和接种证补办.*1 / 0", page.inner_text("table"), re.DOTALL)
    page.context.close()


def test_the_portal_answers_before_anything_is_filed(browser: Browser, site: Site) -> None:
    page = here.visitor(browser, site.address, width=390)
    page.goto(f"{site.address}/voices/new")
    page.fill("#subject", "身份证丢了在外地能补吗")
    page.wait_for_selector(".note.good summary")
    assert Axe().run(page).violations_count == 0
    page.locator(".note.good summary").first.click()
    page.locator("button[form=answered]").first.click()
    page.wait_for_url("**/answers/**")

    assert "没有登记诉求" in page.inner_text("main")
    assert here.no_sideways_scroll(page)
    page.context.close()


def test_forty_voices_one_matter_one_handling_forty_answers(browser: Browser, site: Site) -> None:
    resident = here.visitor(browser, site.address, width=390)
    here.sign_in(resident, site.address, RESIDENT, "/voices/new")
    here.at(resident, site.address, "330122000000")
    resident.goto(f"{site.address}/voices/new")
    resident.locator("input[name=kind][value=complaint]").check()
    resident.fill("#subject", "搅拌站什么时候停工")
    resident.fill("#detail", "凤川大道搅拌站夜里吵，白天灰尘大。")
    resident.locator("main form button.go:not([form])").last.click()
    resident.wait_for_url("**filed=1")
    own = resident.url.partition("?")[0]
    site.python(FILE)

    page = at_the_call(browser, site)
    page.goto(f"{site.address}/hotline/?q={here.last_part(own)}")
    page.locator("tr[data-row] a").first.click()
    for _ in range(4):
        if not page.locator("#merge-chosen input:checked").count():
            break
        page.locator("#merge-chosen summary").click()
        page.fill("#merge-chosen-title", "凤川大道搅拌站扰民")
        press(page, "m")
        page.wait_for_selector(".note.good")
    page.locator("#triage summary").click()
    page.select_option("#category", "environment.noise")
    page.locator("#triage button").click()
    page.wait_for_selector(".note.good")
    press(page, "d")
    page.wait_for_selector(".note.good")
    assert "桐庐县生态环境局" in page.inner_text("table.facts")
    ticket = page.url
    assert site.python(COUNT).split() == ["40", "0", "1"]

    unit = here.visitor(browser, site.address)
    here.sign_in(unit, site.address, UNIT, "/hotline/unit")
    assert unit.locator("tr[data-row]").count() == 1
    unit.goto(ticket)
    press(unit, "t")
    unit.wait_for_selector("#contact summary")
    unit.locator("#contact summary").click()
    unit.fill("#contact-note", "已与来电人联系")
    unit.locator("#contact button").click()
    unit.wait_for_selector(".note.good")
    unit.fill("#reply-text", "已责令搅拌站夜间停产，料堆全部覆盖。")
    press(unit, "y")
    unit.wait_for_selector(".note.good")
    page.goto(ticket)
    press(page, "y")
    page.wait_for_selector(".note.good")

    assert site.python(COUNT).split()[:2] == ["40", "40"]
    resident.goto(own)
    assert "料堆全部覆盖" in resident.inner_text("main")
    for one in (unit, page, resident):
        one.context.close()


def test_help_that_does_not_come_says_so_and_comes_when_asked_again(browser: Browser, site: Site) -> None:
    page = at_the_call(browser, site)
    page.wait_for_load_state("networkidle")
    page.route("**/hotline/call/help", lambda route: route.abort())
    page.fill("#subject", "搅拌站半夜太吵")
    again = page.locator("#call-help .unanswered button")
    again.wait_for()
    page.unroute("**/hotline/call/help")

    again.click()

    page.wait_for_selector("#call-help fieldset")
    assert page.locator(".unanswered").count() == 0
    page.context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, site: Site, language: str, width: int
) -> None:
    page = at_the_call(browser, site, language=language, width=width)
    page.fill("#subject", "搅拌站半夜太吵，疫苗本丢了")
    page.wait_for_selector("#call-help fieldset")
    for address in ("", "/hotline/knowledge", "/hotline/knowledge?tab=all", "/hotline/knowledge/new", "/hotline/model"):
        if address:
            page.goto(site.address + address)
        result = Axe().run(page)
        assert result.violations_count == 0, result.generate_report()
        assert here.no_sideways_scroll(page)
    page.context.close()
