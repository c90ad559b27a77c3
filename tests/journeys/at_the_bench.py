"""What a department and a reform office do at the bench in a real browser."""

from pathlib import Path

import psycopg
from playwright.sync_api import Page, expect

from yici.config.database import Database

DEPARTMENT, OFFICE = "civil_affairs.330122.decider", "reform.330000"
PAPER = "居住情况说明"


def a_month_later(data: Path) -> None:
    """Let the public notice have begun a month earlier: the site lives by the real clock, and nobody waits for it."""
    moved = "notice_from = notice_from - 30, notice_until = notice_until - 30"
    with psycopg.connect(Database(data).url("owner")) as owner:  # its tables are guarded against everybody else
        owner.execute("ALTER TABLE reform_amendment DISABLE TRIGGER reform_amendment_gate")
        owner.execute(f"UPDATE reform_amendment SET {moved}")
        owner.execute("ALTER TABLE reform_amendment ENABLE TRIGGER reform_amendment_gate")


def ask_for_the_paper(page: Page) -> None:
    """Add a requirement in the form of `senior_card`, as somebody of the department would."""
    count = page.locator("input[name='requirements.rows']").count()
    row = f"#f-requirements-{count}"
    page.locator("button[value='add:requirements']").click()
    expect(page.locator(row)).to_be_visible()
    for field, text in (("name", PAPER), ("name-en", "Statement of residence"), ("key", "residence_statement")):
        page.locator(f"{row}-{field}").fill(text)
    page.locator(f"{row}-proves").fill("residence_of_applicant")
    page.locator(f"button[value='add:requirements.{count}.ways']").click()
    page.locator(f"{row}-ways-0").select_option("original")
    page.locator(f"{row}-ways-0-target").fill("population.address")
    page.locator(f"{row}-basis-title").fill("内部通知")
    page.locator(f"{row}-basis-level").select_option("normative_document")


def press(page: Page, act: str) -> None:
    page.locator(f"form[action$='/{act}'] button").first.click()
    page.wait_for_load_state()


def publish(page: Page, day: str) -> str:
    page.locator("#in_force_on").fill(day)
    press(page, "publish")
    return page.locator("main").inner_text()


def register_the_law(page: Page, site: str) -> None:
    page.goto(f"{site}/bench/law")
    law = {"title": "浙江省居住管理条例", "title_en": "Residence Regulation (invented)", "article": "第九条"}
    for field, text in {**law, "source": "虚构，仅供演示"}.items():
        page.locator(f"#{field}").fill(text)
    page.locator("#level").select_option("local_regulation")
    page.locator("main form button.go").click()
    page.wait_for_load_state()
