"""Write-backs in any order never hide what the owner says, and never make a person be asked twice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from yici.rules.disputes import CannotSettleDispute, DisputeOutcome, check_settlement
from yici.rules.gaps import gaps_of
from yici.rules.items import LegalBasis, Way, WayKind
from yici.rules.levels import Level
from yici.rules.plans import Availability, Evidence, EvidenceStatus
from yici.rules.words import Words
from yici.rules.write_backs import (
    CannotWriteBack,
    Hand,
    WriteBackAct,
    WriteBackState,
    Written,
    seen,
    settled,
    superseded,
)

USABLE = {Availability.AVAILABLE, Availability.PENDING}
PENDING = WriteBackState.PENDING


class TestSettled:
    @pytest.mark.parametrize(
        ("act", "hand", "after"),
        [
            (WriteBackAct.CONFIRM, Hand.STEWARD, WriteBackState.CONFIRMED),
            (WriteBackAct.REJECT, Hand.STEWARD, WriteBackState.REJECTED),
            (WriteBackAct.DEEM, Hand.CLOCK, WriteBackState.DEEMED_CONFIRMED),
            (WriteBackAct.SUPERSEDE, Hand.NEWER, WriteBackState.SUPERSEDED),
        ],
    )
    def test_each_act_has_its_hand(self, act: WriteBackAct, hand: Hand, after: WriteBackState) -> None:
        assert settled(PENDING, act, hand, reason="模糊", is_due=True) is after
        for other in set(Hand) - {hand}:
            with pytest.raises(CannotWriteBack):
                settled(PENDING, act, other, reason="模糊", is_due=True)

    def test_a_rejection_needs_a_reason(self) -> None:
        with pytest.raises(CannotWriteBack, match="reason"):
            settled(PENDING, WriteBackAct.REJECT, Hand.STEWARD, reason="  ")

    def test_silence_means_nothing_before_the_time_is_up(self) -> None:
        with pytest.raises(CannotWriteBack, match="not up"):
            settled(PENDING, WriteBackAct.DEEM, Hand.CLOCK, is_due=False)

    @pytest.mark.parametrize("state", ["confirmed", "rejected", "superseded"])
    @pytest.mark.parametrize("act", [WriteBackAct.CONFIRM, WriteBackAct.REJECT])
    def test_what_is_settled_stays_so(self, state: str, act: WriteBackAct) -> None:
        with pytest.raises(CannotWriteBack, match="settled"):
            settled(WriteBackState(state), act, Hand.STEWARD, reason="晚了")

    def test_silence_takes_no_right_from_the_owner(self) -> None:
        deemed = WriteBackState.DEEMED_CONFIRMED
        assert settled(deemed, WriteBackAct.REJECT, Hand.STEWARD, reason="不符") is WriteBackState.REJECTED


def slow_seen(
    own: Availability, written: list[Written], disputed: bool, unlinked: bool
) -> tuple[Availability, int | None]:
    """The oracle: says the same as a person would, going through the list from the newest."""
    if own is Availability.NEEDS_GRANT or (own is Availability.NOT_SHARED and not unlinked):
        return own, None
    if own in USABLE and not disputed:
        return own, None
    for one in sorted(written, key=lambda one: -one.number):
        if one.state is PENDING:
            return Availability.PENDING, one.number
        if one.state in {WriteBackState.CONFIRMED, WriteBackState.DEEMED_CONFIRMED}:
            return Availability.AVAILABLE, one.number
    return own, None


@given(
    st.sampled_from(Availability),
    st.lists(st.sampled_from(WriteBackState), max_size=6),
    st.booleans(),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_seen_agrees_with_the_slow_oracle(own, states, disputed, unlinked, random) -> None:  # type: ignore[no-untyped-def]
    written = [Written(number, state) for number, state in enumerate(states)]
    random.shuffle(written)

    assert tuple(seen(own, written, disputed=disputed, unlinked=unlinked)) == slow_seen(
        own, written, disputed, unlinked
    )


class FieldOfAPerson(RuleBasedStateMachine):
    """One field of one person: the owner, the windows, the stewards and the clock act in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.record: str | None = None
        self.said_by_owner: list[str] = []
        self.states: dict[int, WriteBackState] = {}
        self.disputed = False
        self.never_rejected: set[int] = set()

    def _settle(self, number: int, act: WriteBackAct, hand: Hand) -> None:
        try:
            self.states[number] = settled(self.states[number], act, hand, reason="理由", is_due=True)
        except CannotWriteBack:
            return
        if act is WriteBackAct.REJECT:
            self.never_rejected.discard(number)
        if act is WriteBackAct.CONFIRM:
            for older in superseded(number, self._written()):
                self.states[older] = settled(self.states[older], WriteBackAct.SUPERSEDE, Hand.NEWER)

    def _written(self) -> list[Written]:
        return [Written(number, state) for number, state in self.states.items()]

    @rule(value=st.sampled_from(["甲", "乙", "丙"]))
    def owner_updates(self, value: str) -> None:
        self.record = value
        self.said_by_owner.append(value)

    @rule()
    def owner_withdraws(self) -> None:
        self.record = None

    @rule()
    def window_writes_back(self) -> None:
        number = len(self.states)
        self.states[number] = PENDING
        self.never_rejected.add(number)

    @precondition(lambda self: self.states)
    @rule(data=st.data(), act=st.sampled_from([WriteBackAct.CONFIRM, WriteBackAct.REJECT]))
    def steward_settles(self, data: st.DataObject, act: WriteBackAct) -> None:
        self._settle(data.draw(st.sampled_from(sorted(self.states))), act, Hand.STEWARD)

    @precondition(lambda self: self.states)
    @rule(data=st.data())
    def time_runs_out(self, data: st.DataObject) -> None:
        self._settle(data.draw(st.sampled_from(sorted(self.states))), WriteBackAct.DEEM, Hand.CLOCK)

    @rule(value=st.booleans())
    def person_disputes_or_is_answered(self, value: bool) -> None:
        self.disputed = value

    @invariant()
    def the_owners_word_is_never_lost(self) -> None:
        own = Availability.AVAILABLE if self.record else Availability.MISSING
        view = seen(own, self._written(), disputed=self.disputed)
        if self.record and not self.disputed:
            assert view.number is None
        if self.said_by_owner and self.record:
            assert self.record == self.said_by_owner[-1]

    @invariant()
    def nobody_is_asked_twice(self) -> None:
        for own in (Availability.MISSING, Availability.STALE, Availability.SOURCE_DOWN):
            if self.never_rejected:
                assert seen(own, self._written(), disputed=self.disputed).availability in USABLE

    @invariant()
    def a_rejected_one_is_never_seen(self) -> None:
        view = seen(Availability.MISSING, self._written())
        assert view.number is None or self.states[view.number].is_usable


TestFieldOfAPerson = FieldOfAPerson.TestCase
TestFieldOfAPerson.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


class TestDisputes:
    def test_keeping_needs_a_reason_and_correcting_a_value(self) -> None:
        with pytest.raises(CannotSettleDispute, match="reason"):
            check_settlement(DisputeOutcome.OPEN, DisputeOutcome.REJECTED, reason=" ", value="")
        with pytest.raises(CannotSettleDispute, match="correct value"):
            check_settlement(DisputeOutcome.OPEN, DisputeOutcome.CONFIRMED, reason="", value="")

    @pytest.mark.parametrize("current", [DisputeOutcome.CONFIRMED, DisputeOutcome.REJECTED])
    def test_is_settled_once(self, current: DisputeOutcome) -> None:
        with pytest.raises(CannotSettleDispute, match="settled"):
            check_settlement(current, DisputeOutcome.CONFIRMED, reason="", value="甲")


class TestGaps:
    def row(self, status: EvidenceStatus, *tried: tuple[Way, Availability]) -> Evidence:
        words = Words("结婚证", "Certificate")
        basis = LegalBasis("示例法", "一", next(iter(Level)))
        return Evidence("item", "certificate", "certificate", words, None, words, status, basis, tried)

    DATA = (Way(WayKind.DATA, "marriages.certificate"), Availability.STALE)

    def test_names_the_datum_and_the_cause(self) -> None:
        (gap,) = gaps_of([self.row(EvidenceStatus.ORIGINAL, self.DATA)])

        assert (gap.dataset, gap.field, gap.cause) == ("marriages", "certificate", Availability.STALE)

    @pytest.mark.parametrize("status", ["fetched", "from_result", "skipped"])
    def test_is_none_where_nobody_brought_anything(self, status: str) -> None:
        assert gaps_of([self.row(EvidenceStatus(status), self.DATA)]) == ()

    def test_a_licence_that_is_missing_is_no_gap_of_a_dataset(self) -> None:
        licence = (Way(WayKind.LICENCE, "id_card"), Availability.MISSING)
        assert gaps_of([self.row(EvidenceStatus.ORIGINAL, licence)]) == ()
