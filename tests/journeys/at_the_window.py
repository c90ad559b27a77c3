"""What a clerk of the one window does in a real browser, with the keyboard alone."""

from playwright.sync_api import Browser, Page

from tests.journeys import site as here


def code_of(browser: Browser, site: str, login: str) -> str:
    """Return the number a person's own phone shows."""
    phone = here.visitor(browser, site, width=390)
    here.sign_in(phone, site, login, "/account/code")
    phone.keyboard.press("Tab")
    phone.locator("main button.go").press("Enter")
    number = phone.locator("#number").inner_text().strip()
    phone.context.close()
    return number


def type_into(page: Page, field: str, text: str) -> None:
    page.locator(field).focus()
    page.keyboard.type(text)


def main_key(page: Page) -> None:
    """Press the key of the page's main button, from outside of any field."""
    page.locator("main").focus()
    page.keyboard.press("y")


def answer_with_keys(page: Page) -> None:
    for _ in range(40):
        if "/ask" not in page.url:
            return
        radios = page.locator("input[name=answer][type=radio]")
        if radios.count():
            radios.first.focus()
            page.keyboard.press("Space")
        else:
            type_into(page, "#answer", "1")
        address = page.locator("input[name=question]").get_attribute("value")
        page.keyboard.press("Enter")
        page.wait_for_function(
            "key => !document.querySelector(`input[name=question][value='${key}']`)", arg=str(address)
        )
    raise AssertionError("the questions do not end")


def fill_with_keys(page: Page) -> None:
    for box in page.locator("form#form input[maxlength]").all():
        name = box.get_attribute("name") or ""
        if box.is_visible() and not name.startswith("own.") and not box.input_value():
            box.focus()
            page.keyboard.type(VALUES.get(name, "示例"))


ID = "11010519491231002X"
VALUES = {"applicant_phone": "13857112345", "buyer_id": ID, "seller_id": ID, "spouse_id": ID}
