"""Forty people and one article: found, put before who can change it, amended, in force, and each of them told."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.journeys import site as here
from tests.journeys.acting import Site
from tests.journeys.at_the_bench import a_month_later, press, publish
from tests.journeys.at_the_congress import (
    A_DAY_COMES,
    AFTER,
    BEFORE,
    ITEM,
    LIAISON,
    OFFICE,
    PERSON,
    SECOND,
    ask_by_data,
    month_from,
    simulated,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(here.CHROMIUM is None, reason="Chromium is not installed and could not be (needs root)"),
]
ARTICLE = "《浙江省人口与计划生育条例》第十八条"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("congress") / "data"
    with here.running_site(data) as address:
        yield Site(address, data)


@pytest.fixture(scope="module")
def ticket(site: Site) -> str:
    """The reference of a citizen's own ticket, one of the forty; the sweep has found three topics."""
    this = timezone.localdate().replace(day=1)
    simulated(site, "--cases", "5000", "--months", "4", since=month_from(this, -4))
    reference, found = site.python(BEFORE).split()
    assert found == "3"
    come_to_tonglu(site, month_from(this, -1))
    return reference


def come_to_tonglu(site: Site, month: date) -> None:
    """Let invented people live through what the forty complained of, and count their month."""
    lives = ("--cases", "14", "--need", ITEM, "--county", "330122000000", "--days", "28")
    made = simulated(site, *lives, since=month)
    assert made["applications"] >= 12
    site.yici("scores", "count", "--month", f"{month:%Y-%m}")


def on_the_map(page: Page, site: Site, month: date) -> tuple[float, int]:
    """Return the share of Tonglu's applications of a month that promise no visit, and its shade on the map."""
    page.goto(f"{site.address}/cockpit/?measure=zero_visit&month={month:%Y-%m}")
    link = page.locator("svg.map a", has=page.locator("title", has_text="桐庐县"))
    label = link.locator("title").text_content() or ""
    share = re.search(r"([\d.]+) %", label)
    assert share, label
    return float(share[1]), int((link.locator("path").get_attribute("class") or "s0").removeprefix("s"))


def office_at(browser: Browser, site: Site, login: str, then: str) -> Page:
    page = here.visitor(browser, site.address)
    here.sign_in(page, site.address, login, then)
    return page


def dossier(page: Page, site: Site, item: str) -> None:
    page.goto(f"{site.address}/cockpit/topics")
    page.locator("main table a", has_text=item).first.click()


def test_forty_voices_change_an_article_and_each_is_told(browser: Browser, site: Site, ticket: str) -> None:
    citizen = here.visitor(browser, site.address, width=390)
    here.sign_in(citizen, site.address, PERSON, f"/voices/{ticket}")
    here.at(citizen, site.address, "330122000000")
    assert "有了结果" not in citizen.inner_text("main")
    citizen.goto(f"{site.address}/needs/{ITEM}")
    assert here.visits(citizen).startswith("1")

    office = office_at(browser, site, OFFICE, "/cockpit/topics")
    dossier(office, site, "生育登记")
    expect(office.locator("main")).to_contain_text("40")
    expect(office.locator("#law ~ p").first).to_contain_text("浙江省人口与计划生育条例 第十八条")
    expect(office.locator("main")).to_contain_text("只有浙江省人大常委会能修改")
    office.get_by_role("link", name="移送有权修改的机关").click()
    expect(office.locator("#problem")).to_have_value(re.compile("40人反映：生育登记：户口簿"))
    office.locator("#wording").fill("第十八条删去户口簿，改为查询户籍信息。")
    office.locator("main form button.go").click()
    office.wait_for_url(re.compile(r"/congress/[0-9a-f-]{36}$"))
    referral = office.url
    press(office, "send")
    citizen.goto(f"{site.address}/voices/{ticket}")
    expect(citizen.locator("main")).to_contain_text("浙江省人大常委会")

    answer_it(browser, site, referral)
    revised = amend(browser, site, office)
    office.goto(referral)
    office.locator("#accept summary").click()
    press(office, "accept")
    office.locator("#link summary").click()
    office.locator("#link-amendment").select_option(revised)
    press(office, "link")

    assert site.python(A_DAY_COMES).split() == ["40", "0"]
    office.goto(referral)
    expect(office.locator("main")).to_contain_text("已告知40人")
    citizen.reload()
    expect(citizen.locator(".note.good").last).to_contain_text(
        re.compile(rf"您.*日反映的“生育登记要户口簿” → {ARTICLE}已修改 → .*起跑0次（此前跑1次）")
    )
    citizen.goto(f"{site.address}/needs/{ITEM}")
    assert here.visits(citizen).startswith("0")
    citizen.goto(f"{site.address}/referrals")
    expect(citizen.locator("main")).to_contain_text("生育登记：户口簿")
    the_map_shows_it(browser, site)
    for page in (citizen, office):
        page.context.close()


def the_map_shows_it(browser: Browser, site: Site) -> None:
    """Let people come after the amendment as they came before it: their month is another on the province's map."""
    before, after = (month_from(timezone.localdate().replace(day=1), away) for away in (-1, AFTER))
    come_to_tonglu(site, after)
    province = office_at(browser, site, SECOND, "/cockpit/")
    share, shade = on_the_map(province, site, before)
    better, stronger = on_the_map(province, site, after)
    assert better > share + 20  # before it, some answer that they need no household booklet
    assert stronger > shade
    province.context.close()


def answer_it(browser: Browser, site: Site, referral: str) -> None:
    """Enter it in the register of the province's congress, hand it to a committee and answer with the article."""
    desk = office_at(browser, site, LIAISON, referral.removeprefix(site.address))
    press(desk, "register")
    expect(desk.locator("main")).to_contain_text("浙江省人大移送〔")
    desk.locator("#assign summary").click()
    desk.locator("#assign-committee").fill("教育科学文化卫生委员会")
    press(desk, "assign")
    desk.locator("#answer summary").click()
    desk.locator("#answer-words").fill("同意。第十八条已修改，不再要求提交户口簿。")
    desk.locator("#answer-article").fill(ARTICLE)
    press(desk, "answer")
    expect(desk.locator("#history + ol")).to_contain_text(ARTICLE)
    desk.context.close()


def amend(browser: Browser, site: Site, office: Page) -> str:
    """Take the paper away through the gate: proposed, read by the public, approved by a second person, published."""
    ask_by_data(office, site.address, f"{ARTICLE}已修改")
    office.wait_for_url(re.compile(r"/bench/[0-9a-f-]{36}$"))
    gate = office.url
    press(office, "open")
    a_month_later(site.data)
    office.goto(gate)
    press(office, "gate")
    second = office_at(browser, site, SECOND, gate.removeprefix(site.address))
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    assert "须由省改革办批准" in publish(second, day)
    press(second, "approve")
    assert "已公布，待施行" in publish(second, day)
    second.context.close()
    return here.last_part(gate)


@pytest.mark.usefixtures("ticket")
def test_a_national_law_goes_to_the_centre(browser: Browser, site: Site) -> None:
    office = office_at(browser, site, OFFICE, "/cockpit/topics")
    dossier(office, site, "户口婚姻状况变更")
    expect(office.locator("main")).to_contain_text("只有全国人大及其常委会能修改")
    office.get_by_role("link", name="移送有权修改的机关").click()
    assert office.locator("#kind option").all_inner_texts() == ["上报"]
    office.locator("#wording").fill("变更婚姻状况不再要求出示户口簿。")
    office.locator("#path").select_option("evaluation")
    office.locator("main form button.go").click()
    office.wait_for_url(re.compile(r"/congress/[0-9a-f-]{36}$"))
    expect(office.locator("table.facts").first).to_contain_text("全国人大及其常委会")
    office.context.close()


@pytest.mark.usefixtures("ticket")
def test_a_notice_of_the_offices_themselves_is_dropped_at_once(browser: Browser, site: Site) -> None:
    office = office_at(browser, site, OFFICE, "/cockpit/topics")
    dossier(office, site, "老年人优待证办理")
    expect(office.locator("main")).to_contain_text("不需要问任何人：桐庐县人民政府现在就可以取消")
    assert not office.get_by_role("link", name="移送有权修改的机关").count()
    office.goto(office.url.replace("/cockpit/", "/congress/"))
    assert not office.locator("main form").count()
    office.get_by_role("link", name="到改革工作台提出修订").click()
    expect(office.locator("h1")).to_have_text("老年人优待证办理")
    office.context.close()
