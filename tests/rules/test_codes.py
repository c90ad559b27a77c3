"""Codes: live samples are read, one typing error is caught, and the sentence says where it is."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yici.rules.codes import (
    COUNTRY,
    ZHEJIANG,
    CannotReadCaseNumber,
    CannotReadCode,
    CannotReadCreditCode,
    CannotReadItemCode,
    CannotReadLicenceId,
    CannotReadRegionCode,
    CannotReadResidentId,
    RegionLevel,
    make_basic_code,
    make_case_number,
    make_credit_code,
    make_handle_item_code,
    make_implementation_code,
    make_licence_id,
    make_resident_id,
    parse_basic_code,
    parse_case_number,
    parse_credit_code,
    parse_handle_item_code,
    parse_implementation_code,
    parse_licence_id,
    parse_region_code,
    parse_resident_id,
)
from yici.rules.codes.check_characters import CREDIT_CODE_ALPHABET, LETTERS_AND_DIGITS, mod_11_2, mod_31, mod_37_36

QUICK = settings(max_examples=40)

BIRTHDAYS = st.dates(date(1900, 1, 1), date(2026, 11, 30))
RESIDENT_IDS = st.builds(
    make_resident_id, st.sampled_from(["330122", "330106", "110105", "650101"]), BIRTHDAYS, st.integers(1, 999)
)
CREDIT_CODES = st.builds(
    make_credit_code,
    st.sampled_from(["11", "12", "91", "92", "51"]),
    st.sampled_from(["330000", "330122", "331100"]),
    st.text(CREDIT_CODE_ALPHABET, min_size=8, max_size=8),
)
LICENCE_BODIES = st.text(LETTERS_AND_DIGITS, min_size=5, max_size=52)


def swapped(text: str, place: int) -> str:
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def changed(text: str, place: int, character: str) -> str:
    return text[:place] + character + text[place + 1 :]


class TestResidentId:
    def test_reads_the_published_sample(self):
        number = parse_resident_id("11010519491231002X")

        assert (number.region, number.born, number.sex) == ("110105", date(1949, 12, 31), "female")

    @pytest.mark.parametrize(
        "text", ["11010519491231002x", " 110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ"]
    )
    def test_reads_what_people_type(self, text):
        assert str(parse_resident_id(text)) == "11010519491231002X"

    @QUICK
    @given(RESIDENT_IDS)
    def test_what_is_made_is_read_again(self, number):
        assert parse_resident_id(str(number)) == number

    @QUICK
    @given(RESIDENT_IDS, st.integers(0, 17), st.sampled_from("0123456789X"))
    def test_catches_one_changed_character(self, number, place, character):
        wrong = changed(str(number), place, character)

        if wrong != str(number):
            with pytest.raises(CannotReadResidentId):
                parse_resident_id(wrong)

    @QUICK
    @given(RESIDENT_IDS, st.integers(0, 16))
    def test_catches_two_characters_that_changed_places(self, number, place):
        wrong = swapped(str(number), place)

        if wrong != str(number):
            with pytest.raises(CannotReadResidentId):
                parse_resident_id(wrong)

    @pytest.mark.parametrize("birthday", ["20170229", "19900431", "19901301", "19900100", "17990101", "00000000"])
    def test_refuses_impossible_dates_with_a_right_check_character(self, birthday):
        body = f"330106{birthday}123"

        with pytest.raises(CannotReadResidentId, match="not a real date of birth"):
            parse_resident_id(body + mod_11_2(body))

    def test_accepts_a_leap_day(self):
        assert make_resident_id("330106", date(2016, 2, 29), 1).born == date(2016, 2, 29)

    def test_keeps_numbers_of_abolished_counties(self):
        # 330103 was 下城区 of Hangzhou, merged in April 2021; its people keep their numbers.
        assert make_resident_id("330103", date(1985, 5, 1), 7).region == "330103"

    def test_refuses_a_birthday_in_the_future_when_it_knows_the_day(self):
        number = str(make_resident_id("330106", date(2018, 6, 2), 1))

        assert parse_resident_id(number, today=date(2018, 6, 2))
        with pytest.raises(CannotReadResidentId, match="future"):
            parse_resident_id(number, today=date(2018, 6, 1))

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("330106850501123", "first generation"),
            ("33010619850501123", "has 18 characters; this one has 17"),
            ("", "this one has 0"),
            ("3301061985050112A1", "Character 17"),
            ("X30106198505011231", "Character 1 "),
            ("990106198505011231", "no province"),
        ],
        ids=["15 digits", "too short", "empty", "letter", "X in front", "province"],
    )
    def test_says_where_it_is_wrong(self, text, sentence):
        with pytest.raises(CannotReadResidentId, match=sentence) as refusal:
            parse_resident_id(text)

        assert refusal.value.text("zh") != refusal.value.text("en")

    def test_never_tells_the_right_check_character_nor_repeats_the_number(self):
        with pytest.raises(CannotReadResidentId) as refusal:
            parse_resident_id("110105194912310021")

        for language in ("zh", "en"):
            assert "X" not in refusal.value.text(language)
            assert "1949" not in refusal.value.text(language)

    def test_prints_itself_masked_so_that_logs_hold_no_number(self):
        assert "19491231" not in repr(parse_resident_id("11010519491231002X"))

    @pytest.mark.parametrize(
        ("day", "age"), [(date(2018, 2, 28), 1), (date(2018, 3, 1), 2), (date(2017, 2, 28), 0)], ids=str
    )
    def test_counts_completed_years(self, day, age):
        assert make_resident_id("330106", date(2016, 2, 29), 1).age_on(day) == age


class TestCreditCode:
    @pytest.mark.parametrize(
        "text", ["12441500196720244T", "11370800MB28559184", "11100000000013338W", "11330105002500287C"]
    )
    def test_reads_live_codes(self, text):
        code = parse_credit_code(text)

        assert str(code) == text
        assert code.has_sound_organisation_code

    @QUICK
    @given(CREDIT_CODES)
    def test_what_is_made_is_read_again(self, code):
        assert parse_credit_code(str(code).lower()) == code
        assert code.has_sound_organisation_code

    @QUICK
    @given(CREDIT_CODES, st.integers(0, 17), st.sampled_from(LETTERS_AND_DIGITS))
    def test_catches_one_changed_character(self, code, place, character):
        wrong = changed(str(code), place, character)

        if wrong != str(code):
            with pytest.raises(CannotReadCreditCode):
                parse_credit_code(wrong)

    @QUICK
    @given(CREDIT_CODES, st.integers(0, 16))
    def test_catches_two_characters_that_changed_places(self, code, place):
        wrong = swapped(str(code), place)

        if wrong != str(code):
            with pytest.raises(CannotReadCreditCode):
                parse_credit_code(wrong)

    @pytest.mark.parametrize("letter", "IOSVZ")
    def test_refuses_letters_that_look_like_others(self, letter):
        with pytest.raises(CannotReadCreditCode, match="Character 10"):
            parse_credit_code(f"113708009{letter}28559184")

    def test_refuses_an_authority_that_does_not_exist(self):
        body = "B1330122196720244"

        with pytest.raises(CannotReadCreditCode, match="character 1"):
            parse_credit_code(body + mod_31(body))

    def test_refuses_letters_in_the_region(self):
        body = "9133A122196720244"

        with pytest.raises(CannotReadCreditCode, match="3 to 8"):
            parse_credit_code(body + mod_31(body))

    @pytest.mark.parametrize(
        "parts",
        [
            ("9", "330122", "19672024"),
            ("91", "33012", "19672024"),
            ("91", "330122", "1967202"),
            ("91", "33o122", "19672024"),
        ],
        ids=["kind", "region", "organisation", "letter"],
    )
    def test_refuses_to_make_one_from_wrong_parts(self, parts):
        with pytest.raises(CannotReadCreditCode):
            make_credit_code(*parts)

    def test_names_rare_kinds_as_other(self):
        assert make_credit_code("33", "330122", "19672024").kind.zh == "其他"
        assert make_credit_code("33", "330122", "19672024").registered_by.zh == "司法行政"


class TestItemCodes:
    @pytest.mark.parametrize(
        ("text", "organisation", "level", "basic"),
        [
            ("12441500196720244T3442199806003", "12441500196720244T", "City", "442199806003"),
            ("11370800MB285591843370117002011", "11370800MB28559184", "City", "370117002011"),
        ],
        ids=["Guangdong", "Shandong"],
    )
    def test_reads_live_implementation_codes(self, text, organisation, level, basic):
        code = parse_implementation_code(text)

        assert (str(code.organisation), code.level_words.en, str(code.basic)) == (organisation, level, basic)
        assert str(code) == text

    def test_refuses_a_level_of_exercise_that_does_not_exist(self):
        with pytest.raises(CannotReadItemCode, match="character 19"):
            parse_implementation_code("12441500196720244T8442199806003")

    def test_knows_items_exercised_at_several_levels(self):
        code = parse_implementation_code("12441500196720244T7442199806003")

        assert code.level_words.zh == "分级管理"

    def test_finds_a_wrong_credit_code_inside(self):
        with pytest.raises(CannotReadCreditCode):
            parse_implementation_code("12441500196720245T3442199806003")

    @pytest.mark.parametrize("text", ["44219980600", "44219980600A", ""], ids=["short", "letter", "empty"])
    def test_refuses_what_is_no_basic_code(self, text):
        with pytest.raises(CannotReadItemCode):
            parse_basic_code(text)

    def test_makes_and_reads_a_handle_item(self):
        basic = make_basic_code("33", "01", "17", 2)
        code = make_handle_item_code(make_implementation_code(parse_credit_code("11330105002500287C"), 4, basic), 7)

        assert len(str(code)) == 33
        assert parse_handle_item_code(str(code)) == code
        assert code.implementation.basic.kind_words.zh == "行政许可"
        assert code.implementation.basic.sub_item == "000"

    @pytest.mark.parametrize("number", ["00", "A1"])
    def test_refuses_a_handle_item_number_out_of_range(self, number):
        with pytest.raises(CannotReadItemCode):
            parse_handle_item_code("12441500196720244T3442199806003" + number)


class TestCaseNumber:
    LIVE = "12441500196720244T3442199806003202206230068"

    def test_reads_a_live_number(self):
        number = parse_case_number(self.LIVE)

        assert (number.received_on, number.serial, str(number)) == (date(2022, 6, 23), 68, self.LIVE)

    def test_refuses_an_impossible_day(self):
        with pytest.raises(CannotReadCaseNumber, match="32 to 39"):
            parse_case_number(self.LIVE.replace("20220623", "20220231"))

    @pytest.mark.parametrize("serial", [0, 10_000])
    def test_refuses_a_serial_without_room(self, serial):
        implementation = parse_case_number(self.LIVE).implementation

        with pytest.raises(CannotReadCaseNumber, match="0001 to 9999"):
            make_case_number(implementation, date(2018, 1, 2), serial)

    @QUICK
    @given(BIRTHDAYS, st.integers(1, 9999))
    def test_what_is_made_is_read_again(self, day, serial):
        number = make_case_number(parse_implementation_code(self.LIVE[:31]), day, serial)

        assert parse_case_number(str(number)) == number
        assert len(str(number)) == 43


class TestLicenceId:
    LIVE = "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0"

    def test_reads_a_live_hangzhou_licence(self):
        licence = parse_licence_id(self.LIVE)

        assert str(licence) == self.LIVE
        assert (licence.version, licence.verified) == (2, True)

    @pytest.mark.parametrize(
        "text",
        [
            LIVE.replace(".0", ".1"),
            LIVE.replace("1.2.156", "1.2.157"),
            LIVE.replace(".", ""),
            LIVE.replace("002.0", "02.0"),
            LIVE.replace("2025052201", "2" * 21),
            LIVE.replace("2025052201", ""),
            LIVE.replace("2025052201", "2025-05"),
        ],
        ids=["check", "root", "no dots", "version", "long serial", "no serial", "hyphen"],
    )
    def test_refuses_what_is_no_identifier(self, text):
        with pytest.raises(CannotReadLicenceId):
            parse_licence_id(text)

    def test_takes_a_foreign_one_over_as_unverified(self):
        licence = parse_licence_id(self.LIVE.removesuffix("0") + "1", foreign=True)

        assert not licence.verified

    def test_takes_a_foreign_one_over_whose_issuer_is_wrong(self):
        body = "11100000000013338W009113301050025002870123002"
        dotted = f"1.2.156.3005.2.11100000000013338W009.113301050025002870.123.002.{mod_37_36(body)}"

        with pytest.raises(CannotReadCreditCode):
            parse_licence_id(dotted)
        assert not parse_licence_id(dotted, foreign=True).verified

    def test_refuses_a_version_without_room(self):
        with pytest.raises(CannotReadLicenceId, match="001 to 999"):
            make_licence_id("11100000000013338W009", "11330105002500287C", "1", 1000)

    @QUICK
    @given(st.text(LETTERS_AND_DIGITS, min_size=1, max_size=20), st.integers(1, 999))
    def test_what_is_made_is_read_again(self, serial, version):
        licence = make_licence_id("11100000000013338W009", "11330105002500287C", serial, version)

        assert parse_licence_id(str(licence)) == licence

    @QUICK
    @given(LICENCE_BODIES, st.data())
    def test_catches_one_changed_character(self, body, data):
        place = data.draw(st.integers(0, len(body) - 1))
        character = data.draw(st.sampled_from(LETTERS_AND_DIGITS))

        if character != body[place]:
            assert mod_37_36(changed(body, place, character)) != mod_37_36(body)

    def test_catches_nearly_all_neighbours_that_changed_places(self):
        # ISO 7064 promises all single errors and "nearly all" transpositions for its hybrid systems.
        fixed = "11330105002500287C"
        pairs = [(first, second) for first in LETTERS_AND_DIGITS for second in LETTERS_AND_DIGITS if first != second]
        caught = sum(mod_37_36(fixed + a + b + "001") != mod_37_36(fixed + b + a + "001") for a, b in pairs)

        assert caught / len(pairs) > 0.99


class TestRegionCode:
    @pytest.mark.parametrize(
        ("text", "level", "parent"),
        [
            ("000000000000", RegionLevel.COUNTRY, None),
            ("33", RegionLevel.PROVINCE, "000000000000"),
            ("330100", RegionLevel.CITY, "330000000000"),
            ("330122", RegionLevel.COUNTY, "330100000000"),
            ("330122100000", RegionLevel.TOWN, "330122000000"),
            ("330122100001", RegionLevel.VILLAGE, "330122100000"),
            ("441900003000", RegionLevel.TOWN, "441900000000"),
        ],
        ids=["country", "Zhejiang", "Hangzhou", "Tonglu", "town", "village", "Dongguan town"],
    )
    def test_knows_level_and_parent(self, text, level, parent):
        region = parse_region_code(text)

        assert region.level is level
        assert (region.parent and str(region.parent)) == parent

    @pytest.mark.parametrize("text", ["33012", "3301221", "33O122", "330000100000", "000122000000", "330122000001"])
    def test_refuses_what_is_no_region(self, text):
        with pytest.raises(CannotReadRegionCode):
            parse_region_code(text)

    def test_chain_ends_at_the_country(self):
        assert [str(region)[:6] for region in parse_region_code("330122100").chain] == [
            "330122", "330122", "330100", "330000", "000000",
        ]  # fmt: skip

    def test_covers_by_whole_levels_not_by_loose_prefix(self):
        """Peers' mistake 8: a filter `LIKE 'ke%'` also matched another tenant."""
        hangzhou = parse_region_code("330100")

        assert hangzhou.covers(parse_region_code("330122"))
        assert hangzhou.covers(hangzhou)
        assert not hangzhou.covers(parse_region_code("331000"))
        assert not parse_region_code("330122").covers(hangzhou)
        assert not hangzhou.covers(ZHEJIANG)
        assert COUNTRY.covers(ZHEJIANG)

    def test_a_city_whose_digits_end_in_zero_does_not_cover_its_neighbour(self):
        # Taizhou is 331000 and Lishui 331100: without its zero, Taizhou would look like the beginning of Lishui.
        assert not parse_region_code("331000").covers(parse_region_code("331100"))
        assert parse_region_code("331000").covers(parse_region_code("331002"))

    def test_every_refusal_of_a_code_is_one_family(self):
        with pytest.raises(CannotReadCode):
            parse_region_code("x")


def test_generated_ids_cover_both_sexes():
    days = [date(1950, 1, 1) + timedelta(days=1000 * step) for step in range(20)]

    assert {make_resident_id("330122", day, serial).sex for day, serial in zip(days, range(1, 21), strict=True)} == {
        "male",
        "female",
    }
