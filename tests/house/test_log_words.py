"""No number of a person reaches the log, whoever writes the line."""

import logging
import logging.config

import pytest
from django.conf import settings

from yici.config.log_words import without_numbers


@pytest.mark.parametrize("number", ["11010519491231002X", "13857112345", "91350100M000100Y43", "110105491231002"])
def test_hides_numbers_wherever_they_stand(number: str) -> None:
    for text in (number, f"login={number},", f"电话{number}。", f"['{number}']"):
        assert number not in without_numbers(text)


@pytest.mark.parametrize(
    "text", ["2018-03-05 10:00:00,123", "01a21384-d7e1-7a28-a2a3-d738a10e2f8d", "YC20180305ABCDEFGH"]
)
def test_leaves_moments_and_ids(text: str) -> None:
    assert without_numbers(text) == text


def test_stands_in_the_settings_of_the_site(capsys: pytest.CaptureFixture[str]) -> None:
    formatter = logging.config.DictConfigurator({"version": 1}).configure_formatter(  # type: ignore[attr-defined]
        dict(settings.LOGGING["formatters"]["line"])
    )
    try:
        raise ValueError("id 11010519491231002X")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "from %s", ("13857112345",), (ValueError, error, None))
    line = formatter.format(record)
    assert "11010519491231002X" not in line
    assert "13857112345" not in line
