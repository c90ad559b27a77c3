"""Legal levels: their order, and who can change what rests on them."""

import pytest

from yici.rules.levels import Changer, LegalLevel, level_from_code, may_set_a_licence, who_can_change


class TestWhoCanChange:
    @pytest.mark.parametrize(
        ("level", "changer", "referral"),
        [
            (LegalLevel.NONE, Changer.DEPARTMENT, False),
            (LegalLevel.NORMATIVE_DOCUMENT, Changer.LOCAL_GOVERNMENT, False),
            (LegalLevel.RULE, Changer.RULE_MAKER, True),
            (LegalLevel.LOCAL_REGULATION, Changer.PROVINCIAL_CONGRESS, True),
            (LegalLevel.ADMINISTRATIVE_REGULATION, Changer.CENTRE, True),
            (LegalLevel.NATIONAL_LAW, Changer.CENTRE, True),
        ],
    )
    def test_every_level_has_somebody(self, level, changer, referral):
        assert who_can_change(level) is changer
        assert changer.needs_referral is referral
        assert all(changer.words)
        assert all(level.words)

    def test_levels_stand_in_order(self):
        assert sorted(LegalLevel, reverse=True)[0] is LegalLevel.NATIONAL_LAW
        assert LegalLevel.LOCAL_REGULATION > LegalLevel.RULE > LegalLevel.NORMATIVE_DOCUMENT > LegalLevel.NONE

    @pytest.mark.parametrize("level", LegalLevel)
    def test_codes_are_read_back(self, level):
        assert level_from_code(level.code) is level

    def test_an_unknown_code_is_no_level(self):
        assert level_from_code("custom") is None

    def test_licence_law_17_no_normative_document_sets_a_licence(self):
        assert [level for level in LegalLevel if not may_set_a_licence(level)] == [
            LegalLevel.NONE,
            LegalLevel.NORMATIVE_DOCUMENT,
        ]
