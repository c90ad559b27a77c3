"""What is shown of a complaint names nobody who was given, and holds no number by which somebody could be reached."""

import re

from hypothesis import given
from hypothesis import strategies as st

from yici.rules.masking import masked_text
from yici.rules.signals.jumps import has_jumped

NUMBERS = st.from_regex(r"1[3-9][0-9]{9}|[0-9]{17}[0-9X]|0[0-9]{3}-[0-9]{8}", fullmatch=True)
WORDS = st.text(alphabet="我要办证窗口不收第三次了 abc，。", max_size=12)


class TestMasking:
    @given(st.lists(st.tuples(WORDS, NUMBERS), min_size=1, max_size=4), st.sampled_from([" ", "，", "", "："]))
    def test_no_number_of_a_person_stays(self, parts: list[tuple[str, str]], between: str) -> None:
        masked = masked_text("".join(f"{words}{between}{number}。" for words, number in parts))

        assert not re.search(r"\d{7}", masked)
        assert all(number not in masked for _, number in parts)

    @given(WORDS, st.text(alphabet="赵钱孙李周吴郑王", min_size=2, max_size=4), WORDS)
    def test_no_name_that_was_given_stays(self, before: str, name: str, after: str) -> None:
        assert name not in masked_text(f"{before}{name}{after}", [name])

    def test_leaves_what_names_nobody(self) -> None:
        said = "去了3次，2018年3月5日又要材料，第12条没有写。"

        assert masked_text(said) == said

    def test_hides_forms_of_address_and_addresses(self) -> None:
        assert masked_text("我叫王小明，找过李科长，Mrs Ann Lee, a.b@mail.example.cn") == "我叫＊，找过＊科长，＊, ＊"


@given(st.integers(0, 50), st.integers(0, 100), st.integers(0, 50), st.integers(0, 100))
def test_more_events_never_undo_a_jump(events: int, of: int, past: int, past_of: int) -> None:
    of, past_of = max(of, events), max(past_of, past)
    if has_jumped(events, of, past, past_of) and events < of:
        assert has_jumped(events + 1, of, past, past_of)
