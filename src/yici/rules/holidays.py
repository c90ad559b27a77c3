"""Statutory holidays: the days off that the law itself names, before the yearly notice moves days around."""

from datetime import date, timedelta

from yici.rules.words import Words

NEW_YEAR = Words("元旦", "New Year's Day")
SPRING_FESTIVAL = Words("春节", "Spring Festival")
QINGMING = Words("清明节", "Tomb-sweeping Day")
LABOUR_DAY = Words("劳动节", "Labour Day")
DRAGON_BOAT = Words("端午节", "Dragon Boat Festival")
MID_AUTUMN = Words("中秋节", "Mid-Autumn Festival")
NATIONAL_DAY = Words("国庆节", "National Day")

# Month and day of 正月初一, 五月初五 and 八月十五 (GB/T 33661-2017); two independent programmes agreed on them.
_LUNAR_DAYS = {
    2027: (206, 609, 915),
    2028: (126, 528, 1003),
    2029: (213, 616, 922),
    2030: (203, 605, 912),
    2031: (123, 624, 1001),
    2032: (211, 612, 919),
    2033: (131, 601, 908),
    2034: (219, 620, 927),
    2035: (208, 610, 916),
    2036: (128, 530, 1004),
    2037: (215, 618, 924),
    2038: (204, 607, 913),
    2039: (124, 527, 1002),
    2040: (212, 614, 920),
    2041: (201, 603, 910),
    2042: (122, 622, 928),
    2043: (210, 611, 917),
    2044: (130, 531, 1005),
    2045: (217, 619, 925),
    2046: (206, 608, 915),
    2047: (126, 529, 1004),
    2048: (214, 615, 922),
    2049: (202, 604, 911),
    2050: (123, 623, 930),
}
FIRST_YEAR = min(_LUNAR_DAYS)
LAST_YEAR = max(_LUNAR_DAYS)


def statutory_holidays(year: int) -> dict[date, Words]:
    """Return the 13 days off of a year from 2027 to 2050 (全国年节及纪念日放假办法, as amended from 2025-01-01).

    Spring Festival is four days from New Year's Eve, Labour Day two, National Day three, the others one. The days in
    lieu of a holiday on a weekend are not here: only the yearly notice says where they go.

    >>> [str(day) for day, name in statutory_holidays(2027).items() if name.en == "Spring Festival"]
    ['2027-02-05', '2027-02-06', '2027-02-07', '2027-02-08']
    """
    spring, dragon_boat, mid_autumn = (date(year, *divmod(day, 100)) for day in _LUNAR_DAYS[year])
    runs = (
        (date(year, 1, 1), 1, NEW_YEAR),
        (spring - timedelta(days=1), 4, SPRING_FESTIVAL),
        (qingming(year), 1, QINGMING),
        (date(year, 5, 1), 2, LABOUR_DAY),
        (dragon_boat, 1, DRAGON_BOAT),
        (mid_autumn, 1, MID_AUTUMN),
        (date(year, 10, 1), 3, NATIONAL_DAY),
    )
    return {first + timedelta(days=step): name for first, length, name in runs for step in range(length)}


def qingming(year: int) -> date:
    """Return the day on which the sun reaches 15°, by the usual rule of thumb for the 21st century.

    >>> qingming(2018), qingming(2020)
    (datetime.date(2018, 4, 5), datetime.date(2020, 4, 4))
    """
    short = year % 100
    return date(year, 4, (short * 2422 + 48100) // 10000 - short // 4)
