"""What departments do with a case in a real browser: take it, accept it, decide it."""

from playwright.sync_api import Browser, Page

from tests.journeys import site as here


class Offices:
    """The members of staff whose accounts have ``mark`` in their name, each at a screen that stays open."""

    def __init__(self, browser: Browser, site: str, mark: str) -> None:
        self._site = site
        self._mark = mark
        self._screens = {login: self._signed_in(browser, login) for login in self._logins(browser)}

    def _logins(self, browser: Browser) -> list[str]:
        page = here.visitor(browser, self._site)
        page.goto(f"{self._site}/demo")
        logins = [one.get_attribute("value") or "" for one in page.locator("button[name=login]").all()]
        page.context.close()
        return [login for login in logins if self._mark in login]

    def _signed_in(self, browser: Browser, login: str) -> Page:
        page = here.visitor(browser, self._site)
        here.sign_in(page, self._site, login, "/desk/")
        return page

    def work(self) -> int:
        """Let everybody take and finish what he finds; return how many steps."""
        return sum(self._work_through(page) for page in self._screens.values())

    def _work_through(self, page: Page) -> int:
        for done in range(12):
            page.goto(f"{self._site}/desk/?tab=take")
            rows = page.locator("tr[data-row] a")
            if not rows.count():
                return done
            rows.first.click()
            page.locator("button[data-key=t]").click()
            for key in ("a", "y"):
                button = page.locator(f"main form button[data-key={key}]")
                if button.count():
                    button.first.click()
        raise AssertionError("the desk never empties")
