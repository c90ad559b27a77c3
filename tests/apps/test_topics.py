"""Matters and hot topics: the same meaning at the same place is one matter, whatever the words."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yici.apps.tickets.meaning.duplicate_bench import made_texts
from yici.apps.tickets.meaning.matter_names import Namer, told_apart
from yici.apps.tickets.meaning.messages import Message
from yici.apps.tickets.meaning.place_names import Gazetteer, divisions
from yici.apps.tickets.meaning.topics import topics_of

DAY = datetime(2026, 5, 1)
MIXING_PLANT = [
    "青桂花园北边的搅拌站整夜施工，噪音大，灰尘飘进家里",
    "投诉青桂花园旁边搅拌站粉尘噪音扰民，孩子天天咳嗽",
    "青桂花园业主：搅拌站离楼只有一百米，夜里噪音睡不着",
    "我是青桂花园的住户，门口搅拌站灰尘太大，窗户都不敢开",
]

ELSEWHERE = [
    "银梅家园对面又开了一个搅拌站，扬尘和噪音一直不断",
    "搅拌站噪音大，银梅家园的老人整夜睡不好",
    "银梅家园旁边的搅拌站到处是灰尘，要求搬走",
]


def numbered(texts: list[str], *, begin: int = 0, days: int = 1) -> Iterator[Message]:
    for number, text in enumerate(texts, start=begin):
        moment = DAY + timedelta(days=days * (number - begin))
        yield Message(f"m{number}", text[:14], text, time=moment, user=f"u{number}", reactions=0)


class TestTopics:
    def test_gathers_one_matter_told_in_different_words(self) -> None:
        others = list(made_texts(150, seed=3))

        found = topics_of([*numbered(others), *numbered(MIXING_PLANT, begin=900)])

        plant = next(one for one in found.matters if "m900" in one.ids or "m901" in one.ids)
        assert set(plant.ids) == {"m900", "m901", "m902", "m903"}
        assert plant.place == "青桂花园"
        assert "搅拌站" in plant.name
        assert (plant.first, plant.last) == ("2026-05-01T00:00:00", "2026-05-04T00:00:00")
        assert plant.voices == 4

    def test_leaves_the_same_trouble_elsewhere_apart(self) -> None:
        found = topics_of(
            [*numbered(MIXING_PLANT), *numbered(ELSEWHERE, begin=50), *numbered(list(made_texts(150)), begin=100)]
        )

        for one in found.matters:
            assert not ({"m0", "m1", "m2", "m3"} & set(one.ids) and {"m50", "m51", "m52"} & set(one.ids))

    def test_heat_counts_people_close_in_time_not_messages(self) -> None:
        at_once = topics_of(list(numbered(MIXING_PLANT))).matters[0]
        spread = topics_of(list(numbered(MIXING_PLANT, days=40))).matters[0]
        one_person = [Message(one.id, one.subject, one.detail, one.time, user="same") for one in numbered(MIXING_PLANT)]

        assert at_once.heat == 4
        assert spread.heat == 1
        assert topics_of(one_person).matters[0].heat == 1

    def test_groups_nearly_the_same_words(self) -> None:
        text = "青桂花园北边的搅拌站整夜施工，噪音大，灰尘飘进家里，请尽快处理"

        found = topics_of(list(numbered([text, "您好，" + text, "公交车三小时不来一班，老人看病不便"])))

        assert found.near_duplicates == (("m0", "m1"),)

    @pytest.mark.parametrize("count", [0, 1])
    def test_takes_a_file_of_almost_nothing(self, count: int) -> None:
        assert topics_of(list(numbered(MIXING_PLANT[:count]))).matters == ()

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.text(alphabet="青桂花园路灯坏了。 a1", max_size=20), max_size=12))
    def test_puts_no_message_into_two_matters_and_invents_none(self, texts: list[str]) -> None:
        messages = list(numbered(texts))

        found = topics_of(messages)

        for groups in ([one.ids for one in found.matters], found.near_duplicates):
            listed = [one for group in groups for one in group]
            assert len(listed) == len(set(listed))
            assert set(listed) <= {one.id for one in messages}
            assert all(len(group) > 1 for group in groups)
        json.dumps(found.document())


class TestPlaces:
    def test_cuts_a_name_where_messages_agree(self) -> None:
        gazetteer = Gazetteer(["请问青桂花园何时交房", "我是青桂花园业主", "反映青桂花园噪音"])

        assert gazetteer.places("强烈呼吁青桂花园停工") == ["青桂花园"]

    def test_knows_names_of_the_register(self) -> None:
        assert Gazetteer([], known=["云山农场"]).places("云山农场的路坏了") == ["云山农场"]

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [("在德清县和A3区", ["德清县", "A3区"]), ("丽发新城小区、阳光社区", []), ("市政府区长县委", [])],
    )
    def test_tells_divisions_from_housing_estates(self, text: str, wanted: list[str]) -> None:
        assert divisions(text) == wanted


LAMPS = [
    "凉溪路东段的路灯坏了好几天，晚上漆黑一片，行人看不清脚下",
    "反映凉溪路路灯不亮，夜里走路要打手电，请派人维修路灯",
    "凉溪路路灯三个晚上没有亮，老人夜里出门害怕",
]
BUSES = [
    "凉溪路公交站等车四十分钟，早高峰班次太少，请增加公交车",
    "上班在凉溪路等公交车，班次太少挤不上去，建议增加班次",
    "凉溪路的公交班次早高峰太少，孩子上学总迟到",
]
SMOKE = "凉溪路上的{}临街门面烧烤夜宵摊油烟直排，整夜吵闹，住户不敢开窗"


def together(found: list[tuple[str, ...]], one: str, other: str) -> bool:
    return any(one in ids and other in ids for ids in found)


class TestOneMatter:
    def test_is_not_all_that_troubles_one_road(self) -> None:
        told = [*numbered(LAMPS), *numbered(BUSES, begin=10), *numbered(list(made_texts(150, seed=3)), begin=100)]

        found = [one.ids for one in topics_of(told).matters]

        assert together(found, "m0", "m1")
        assert together(found, "m10", "m11")
        assert not any(together(found, f"m{lamp}", f"m{bus}") for lamp in range(3) for bus in (10, 11, 12))

    def test_is_not_the_same_trouble_in_two_homes_at_one_road(self) -> None:
        told = [
            Message(f"{home}{n}", SMOKE.format(home), SMOKE.format(home) + "！" * n, DAY, user=f"{home}{n}")
            for home in ("青桂花园", "银梅家园")
            for n in range(3)
        ]

        found = [one.ids for one in topics_of(told).matters]

        assert sorted(len(ids) for ids in found) == [3, 3]
        assert not together(found, "青桂花园0", "银梅家园0")


def named(*subjects: str, detail: str = "请尽快处理。") -> str:
    told = [Message(f"n{n}", subject, detail, DAY, user=f"u{n}") for n, subject in enumerate(subjects)]
    others = list(numbered(list(made_texts(60, seed=5)), begin=500))
    ids = {one.id for one in told}
    (found,) = (one for one in topics_of([*told, *others]).matters if ids & set(one.ids))
    return found.name


class TestNames:
    def test_say_what_most_of_them_say_without_politeness(self) -> None:
        name = named(
            "关于青桂花园捆绑销售车位的投诉",
            "强烈要求解决青桂花园捆绑销售车位的问题！",
            "青桂花园捆绑销售车位，家里本来就困难，无法承担",
        )

        assert name == "青桂花园捆绑销售车位"

    def test_end_where_a_clause_ends_and_not_in_a_word(self) -> None:
        long = "青桂花园北门交房在即，但是通往小区正门的道路至今没有修建只能从工地里面绕行出入"

        assert named(long, long + "！", "咨询" + long) == "青桂花园北门交房在即"

    def test_are_not_the_name_of_a_place_alone(self) -> None:
        name = named("青桂花园", "青桂花园搅拌站整夜施工噪音", "青桂花园搅拌站噪音", detail="搅拌站夜里施工，噪音大。")

        assert "搅拌站" in name

    def test_give_back_what_was_cut_from_a_place(self) -> None:
        """A place is cut before 外, which stands within this name."""
        subjects = ["夜间火车噪音整夜不停"] * 4 + ["A4区海外滩小区怎么办", "海外滩小区怎么办"]
        told = [Message(f"{n}", subject, "很吵。", DAY) for n, subject in enumerate(subjects)]

        assert Namer(told).name(told, "滩小区") == "海外滩小区：夜间火车噪音整夜不停"

    def test_are_given_once(self) -> None:
        assert told_apart([("路灯不亮", "", None)] * 3) == ["路灯不亮", "路灯不亮（2）", "路灯不亮（3）"]
