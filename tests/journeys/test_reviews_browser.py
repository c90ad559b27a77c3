"""A bad review in a real browser: given with three faces, contacted, put right, called back; the figure changes."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.journeys import site as here

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(here.CHROMIUM is None, reason="Chromium is not installed and could not be (needs root)"),
]
TONGLU, PERSON, UNIT, OPERATOR = "330122000000", "linxiao", "ecology.330122.reviewer", "hotline.330122"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with here.running_site(tmp_path_factory.mktemp("reviews") / "data") as address:
        yield address


def clean(page: Page) -> list[str]:
    return [one["id"] for one in Axe().run(page).response["violations"]]


def text_of(page: Page, selector: str = "main") -> str:
    return page.locator(selector).first.inner_text()


def bad_ones(browser: Browser, site: str) -> dict[str, tuple[int, int]]:
    """Return what the public page says of the ecology bureau: how many bad reviews were answered and put right."""
    page = here.visitor(browser, site, language="en")
    page.goto(f"{site}/reviews?region={TONGLU}")
    page.get_by_role("link", name="Tonglu County Ecology and Environment Bureau").click()
    assert clean(page) == []
    rows = {}
    for row in page.locator("#bad tr").all():
        numbers = re.search(r"(\d+) of (\d+)", row.inner_text())
        if numbers:
            rows[row.locator("th").inner_text()] = (int(numbers[1]), int(numbers[2]))
    page.context.close()
    return rows


def her_ticket(page: Page, site: str, subject: str) -> str:
    """Open one of her answered tickets that the demo leaves without a review, and return its reference."""
    here.sign_in(page, site, PERSON, "/voices")
    page.goto(f"{site}/voices")
    page.get_by_role("link", name=re.compile(subject)).click()
    assert page.locator("button.press").count() == 3
    return here.last_part(page.url)


def test_a_bad_review_is_contacted_put_right_and_changes_the_figure(browser: Browser, site: str) -> None:
    before = bad_ones(browser, site)

    citizen = here.visitor(browser, site, width=390)
    reference = her_ticket(citizen, site, "废旧电池")
    assert clean(citizen) == []
    citizen.locator("button.press[value='1']").click()
    citizen.locator("input[name=grade][value='1']").check()
    citizen.locator("input[name=tag][value=slow]").check()
    citizen.locator("#text").fill("等了两个小时才有人接电话")
    assert clean(citizen) == []
    assert here.no_sideways_scroll(citizen)
    citizen.locator("main form button.go").first.click()
    citizen.locator("a[href*='/my-reviews/']").click()
    assert "待联系" in text_of(citizen)

    given = bad_ones(browser, site)
    assert given["Answered"] == (before["Answered"][0], before["Answered"][1] + 1)

    unit = here.visitor(browser, site)
    here.sign_in(unit, site, UNIT, "/hotline/reviews")
    unit.goto(f"{site}/hotline/reviews")
    unit.get_by_role("link", name=re.compile(reference)).click()
    assert "等了两个小时才有人接电话" in text_of(unit)
    assert clean(unit) == []
    unit.locator("input[name=reached][value='1']").check()
    unit.get_by_label("通话内容").fill("已致歉，约定当天回复")
    unit.get_by_role("button", name="记录电话").click()
    unit.locator("input[name=handling][value=fixed]").check()
    unit.get_by_label("评价人将看到的内容").fill("已增加接线人员")
    unit.get_by_role("button", name="提交反馈").click()
    assert "待回访" in text_of(unit)

    citizen.reload()
    assert "已增加接线人员" in text_of(citizen)
    citizen.locator("input[name=satisfied][value='1']").check()
    citizen.locator("main form button.go").first.click()
    assert "已办结" in text_of(citizen)

    after = bad_ones(browser, site)
    assert after["Answered"] == (given["Answered"][0] + 1, given["Answered"][1])
    assert after["Put right"] == (given["Put right"][0] + 1, given["Put right"][1])
    assert after["Called within the limit"][0] == given["Called within the limit"][0] + 1
    for page in (citizen, unit):
        page.context.close()


def test_a_contest_is_decided_outside_the_unit_and_left_out_is_shown(browser: Browser, site: str) -> None:
    operator = here.visitor(browser, site)
    here.sign_in(operator, site, OPERATOR, "/hotline/reviews")
    operator.goto(f"{site}/hotline/reviews?of=region&tab=contested")
    operator.locator("tr[data-row] a").first.click()
    operator.locator("input[name=ground][value=mistaken]").check()
    operator.get_by_label("原因").fill("本人确认是误点")
    operator.get_by_role("button", name="作出裁定").click()
    assert "误评" in text_of(operator)
    operator.context.close()

    page = here.visitor(browser, site, width=390)
    page.goto(f"{site}/reviews?region={TONGLU}")
    page.get_by_role("link", name="桐庐县生态环境局").click()
    assert re.search(r"核查后不计入\s*1", text_of(page))
    assert here.no_sideways_scroll(page)
    page.context.close()


def test_a_link_works_once_without_signing_in(browser: Browser, site: str) -> None:
    citizen = here.visitor(browser, site)
    reference = her_ticket(citizen, site, "光伏")
    citizen.context.close()
    operator = here.visitor(browser, site, language="en")
    here.sign_in(operator, site, OPERATOR, "/hotline/reviews/enter")
    operator.goto(f"{site}/hotline/reviews/enter")
    operator.locator("#link-number").fill(reference)
    operator.locator("button[value=link]").click()
    address = operator.locator("code").inner_text()
    assert operator.locator(".qr-frame svg").count() == 1
    operator.context.close()

    phone = here.visitor(browser, site, width=390, elder=True)
    phone.goto(f"{site}/rate/{here.last_part(address)}")
    assert clean(phone) == []
    assert here.no_sideways_scroll(phone)
    phone.locator("button.press[value='3']").click()
    assert "谢谢您的评价" in text_of(phone, "h1")
    assert here.no_sideways_scroll(phone)
    phone.goto(f"{site}/rate/{here.last_part(address)}")
    assert "不能再用" in text_of(phone, "h1")
    phone.context.close()
