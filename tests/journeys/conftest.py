"""What browser stories share: a running Chromium, and a scanned paper."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.journeys import site as here
from tests.journeys.acting import Site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with here.chromium() as running:
        yield running


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    file = tmp_path / "scan.png"
    Image.new("RGB", (60, 80), "white").save(file)
    return file


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Function) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Print what the site itself said last beside a story that failed: the browser only saw that nothing came."""
    report = yield
    site = item.funcargs.get("site")
    if report.failed and isinstance(site, Site):
        log = (site.data.parent / "run.log").read_text(encoding="utf-8", errors="replace")
        report.sections.append(("the site's log", log[-6_000:]))
    return report
