"""Reads a form out of a page as a browser would send it."""

from html.parser import HTMLParser


class _Controls(HTMLParser):
    def __init__(self, form: str) -> None:
        super().__init__()
        self.form = form
        self.inside = False
        self.sent: list[tuple[str, str]] = []
        self.select: str | None = None
        self.options: list[tuple[str, bool]] = []
        self.area: str | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value if value is not None else "" for key, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.form
        if not (self.inside or given.get("form") == self.form):
            return
        name = given.get("name", "")
        if tag == "input" and name and given.get("type") not in ("checkbox", "radio", "submit"):
            self.sent.append((name, given.get("value", "")))
        elif tag == "input" and name and "checked" in given:
            self.sent.append((name, given.get("value", "on")))
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option" and self.select is not None:
            self.options.append((given.get("value", ""), "selected" in given))
        elif tag == "textarea":
            self.area, self.text = name, ""

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select" and self.select is not None:
            chosen = [value for value, selected in self.options if selected] or [self.options[0][0]]
            self.sent.append((self.select, chosen[0]))
            self.select = None
        elif tag == "textarea" and self.area is not None:
            self.sent.append((self.area, self.text))
            self.area = None


def form_in(page: str, form: str) -> dict[str, list[str]]:
    """Return what the browser would send if nobody changed anything."""
    reader = _Controls(form)
    reader.feed(page)
    sent: dict[str, list[str]] = {}
    for name, value in reader.sent:
        sent.setdefault(name, []).append(value)
    return sent
