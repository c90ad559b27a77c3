"""The translations of the pages: each sentence has Chinese, and one Chinese only."""

from pathlib import Path

import pytest

from yici.config import translations


def test_every_sentence_of_a_page_has_one_chinese() -> None:
    assert translations.check_all() == []


def test_a_sentence_said_in_two_ways_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translations, "CHANNELS", tmp_path)
    for room, chinese in (("desk", "受理"), ("portal", "接受"), ("window", "受理")):
        path = translations.po_file(room)
        path.parent.mkdir(parents=True)
        path.write_text(
            f'msgid "Accept"\nmsgstr "{chinese}"\n\nmsgctxt "a call"\nmsgid "Accept"\nmsgstr "接听"\n', encoding="utf-8"
        )

    (told,) = translations.contradicting()

    assert "'Accept'" in told
    assert "'portal': '接受'" in told
