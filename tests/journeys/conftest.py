"""What browser stories share: a running Chromium, and a scanned paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.journeys import site as here


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with here.chromium() as running:
        yield running


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    file = tmp_path / "scan.png"
    Image.new("RGB", (60, 80), "white").save(file)
    return file
