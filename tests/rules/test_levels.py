"""Legal levels: their order, and who can change what rests on them."""

import pytest

from yici.rules.levels import Changer, Level, may_set_a_licence, who_can_change


class TestWhoCanChange:
    @pytest.mark.parametrize(
        ("level", "changer", "referral"),
        [
            (Level.NONE, Changer.DEPARTMENT, False),
            (Level.NORMATIVE_DOCUMENT, Changer.LOCAL_GOVERNMENT, False),
            (Level.RULE, Changer.RULE_MAKER, True),
            (Level.LOCAL_REGULATION, Changer.PROVINCIAL_CONGRESS, True),
            (Level.ADMINISTRATIVE_REGULATION, Changer.CENTRE, True),
            (Level.NATIONAL_LAW, Changer.CENTRE, True),
        ],
    )
    def test_every_level_has_somebody(self, level, changer, referral):
        assert who_can_change(level) is changer
        assert changer.needs_referral is referral
        assert all(changer.words)
        assert all(level.words)

    def test_levels_stand_in_order(self):
        assert [level.value for level in sorted(Level, key=lambda level: level.height)] == [
            "none",
            "normative_document",
            "rule",
            "local_regulation",
            "administrative_regulation",
            "national_law",
        ]

    def test_licence_law_17_no_normative_document_sets_a_licence(self):
        assert [level for level in Level if not may_set_a_licence(level)] == [
            Level.NONE,
            Level.NORMATIVE_DOCUMENT,
        ]
