"""Shares of channels: they add up, and what nobody used is there as well."""

from hypothesis import given
from hypothesis import strategies as st

from yici.rules.channel_use import APPLYING, FROM_HOME, ChannelAct, shares, words_of


@given(st.sampled_from(ChannelAct), st.dictionaries(st.sampled_from([*APPLYING, "phone", "odd"]), st.integers(0, 99)))
def test_shares_add_up_and_lose_nothing(act: ChannelAct, counts: dict[str, int]) -> None:
    found = shares(act, counts)

    assert {one.key: one.count for one in found if one.count} == {key: n for key, n in counts.items() if n}
    assert [one.count for one in found] == sorted((one.count for one in found), reverse=True)
    total = sum(counts.values())
    assert all((one.share is None) == (total == 0) for one in found)
    assert not total or abs(sum(one.share or 0 for one in found) - 1) < 1e-9


def test_of_applications_every_channel_is_shown() -> None:
    assert {one.key for one in shares(ChannelAct.APPLIED, {})} == set(APPLYING)
    assert shares(ChannelAct.ASKED, {}) == ()


def test_what_is_done_from_home_is_a_channel() -> None:
    assert set(APPLYING) > FROM_HOME
    assert words_of(ChannelAct.APPLIED, "fax").en == "fax"
