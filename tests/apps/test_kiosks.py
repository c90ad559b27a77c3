"""Kiosks: registered, paired once, signed in by card or by phone, patient for as long as the rows say."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.apps.factories import AccountFactory, HallFactory, MandateFactory, PartyFactory
from yici.apps.halls import kiosk_sign_ins as sign_ins
from yici.apps.halls import kiosks
from yici.apps.halls.kiosk_sign_ins import CannotSignInHere, PhoneState
from yici.apps.halls.kiosks import CannotPair, CannotRegisterKiosk, KioskView
from yici.apps.halls.models import Kiosk, PhoneSignIn
from yici.apps.journal import queries as journal
from yici.apps.people.models import Party
from yici.apps.people.viewers import CannotActFor, viewer_of
from yici.apps.places.actions import load_calendar
from yici.apps.places.models import LawParameterRow
from yici.rules.items import Assurance
from yici.rules.kiosks import CannotUsePrinter, Patience, read_printer

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 3, 5, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def registered(name: str = "1号终端", **changes: str) -> str:
    """Register a kiosk of Wuxing and return the secret of its pairing address."""
    if not Kiosk.objects.exists():
        HallFactory(code="330502")
    given = {"hall": "330502", "name": name, "name_en": "", "printer": "folder:/tmp/never-used", **changes}
    return kiosks.register(**given, by="system:test", now=NOW)[1]  # type: ignore[arg-type]


def paired(name: str = "1号终端", **changes: str) -> KioskView:
    found = kiosks.kiosk_of(kiosks.pair(secret=registered(name, **changes), now=NOW))
    assert found is not None
    return found


@pytest.fixture
def kiosk() -> KioskView:
    load_calendar(by="system:test", now=NOW)
    return paired()


class TestRegister:
    def test_keeps_no_secret_but_its_hash(self) -> None:
        secret = registered(reader_prefix="r3ader-prefix")
        device = kiosks.pair(secret=secret, now=NOW)

        columns = str(Kiosk.objects.values().get())

        assert not [one for one in (secret, device, "r3ader-prefix") if one in columns]

    @pytest.mark.parametrize(
        "wrong",
        [{"hall": "浙江"}, {"hall": "99"}, {"name": "  "}, {"name": "长" * 61}, {"reader_prefix": "short"}],
        ids=["no hall", "no region", "no name", "long name", "short prefix"],
    )
    def test_refuses_with_a_sentence_and_keeps_nothing(self, wrong: dict[str, str]) -> None:
        HallFactory(code="330502")

        with pytest.raises(CannotRegisterKiosk) as refusal:
            kiosks.register(
                **{"hall": "330502", "name": "1号", "name_en": "", "printer": "queue:hall", **wrong},  # type: ignore[arg-type]
                by="system:test",
                now=NOW,
            )

        assert refusal.value.text("zh")
        assert not Kiosk.objects.exists()

    def test_refuses_a_second_of_the_same_name_in_a_hall(self) -> None:
        registered()

        with pytest.raises(CannotRegisterKiosk, match="already has"):
            registered()

    @pytest.mark.parametrize(
        "text", ["", "hall", "usb:0", "queue:", "queue:-o raw", "queue:a b", "folder:prints", "queue:x;y"]
    )
    def test_takes_only_a_printer_it_can_use(self, text: str) -> None:
        with pytest.raises(CannotUsePrinter):
            read_printer(text)


class TestPair:
    def test_works_once(self) -> None:
        secret = registered()
        kiosks.pair(secret=secret, now=NOW)

        with pytest.raises(CannotPair):
            kiosks.pair(secret=secret, now=LATER)

    def test_is_too_late_after_a_day(self) -> None:
        secret = registered()

        with pytest.raises(CannotPair):
            kiosks.pair(secret=secret, now=NOW + timedelta(hours=24))

    def test_of_a_new_device_makes_the_old_one_a_stranger(self) -> None:
        old = kiosks.pair(secret=registered(), now=NOW)
        again = kiosks.new_pairing(kiosk_id=Kiosk.objects.get().public_id, by="system:test", now=NOW)
        assert kiosks.kiosk_of(old) is not None

        new = kiosks.pair(secret=again, now=LATER)

        assert kiosks.kiosk_of(old) is None
        assert kiosks.kiosk_of(new) is not None

    def test_ends_when_the_kiosk_is_retired(self) -> None:
        device = kiosks.pair(secret=registered(), now=NOW)
        kiosks.retire(kiosk_id=Kiosk.objects.get().public_id, by="system:test", now=LATER)

        assert kiosks.kiosk_of(device) is None
        with pytest.raises(CannotRegisterKiosk):
            kiosks.new_pairing(kiosk_id=Kiosk.objects.get().public_id, by="system:test", now=LATER)

    def test_the_empty_secret_is_nobodys(self) -> None:
        registered()

        assert kiosks.kiosk_of("") is None


class TestPatience:
    def test_is_a_minute_with_a_warning_of_twenty_seconds(self, kiosk: KioskView) -> None:
        assert kiosks.patience_at(kiosk, elder=False, now=NOW) == Patience(60, 20)

    def test_is_longer_in_the_elder_version(self, kiosk: KioskView) -> None:
        plain, elder = (kiosks.patience_at(kiosk, elder=one, now=NOW) for one in (False, True))

        assert elder.idle_seconds > plain.idle_seconds
        assert elder.warning_seconds >= plain.warning_seconds

    def test_follows_a_row_of_the_halls_own_region_from_its_day(self, kiosk: KioskView) -> None:
        row = LawParameterRow.objects.get(key="kiosk_idle")
        row.pk, row.region_code, row.value, row.valid_from = None, "330502000000", 90, date(2018, 4, 1)
        row.save()

        assert kiosks.patience_at(kiosk, elder=False, now=NOW).idle_seconds == 60
        assert kiosks.patience_at(kiosk, elder=False, now=datetime(2018, 4, 2, tzinfo=UTC)).idle_seconds == 90

    def test_runs_out_ten_seconds_after_the_page_has_ended(self) -> None:
        assert not Patience(60, 20).has_run_out(NOW, NOW + timedelta(seconds=70))
        assert Patience(60, 20).has_run_out(NOW, NOW + timedelta(seconds=71))


class TestCard:
    def test_signs_its_holder_in_and_says_so_in_the_journal(self, kiosk: KioskView) -> None:
        party = PartyFactory()

        assert sign_ins.sign_in_by_card(kiosk=kiosk, read=f" {party.id_number}\n", now=NOW) == party.pk
        line = journal.entries_for(str(party), kind="kiosk.signed_in")[0]
        assert line.facts == {"kiosk": str(kiosk.public_id), "way": "card"}

    @pytest.mark.parametrize("read", ["", "123", "11010519491231002X", "1101051949123100XX", "9" * 80])
    def test_of_nobody_is_refused(self, kiosk: KioskView, read: str) -> None:
        with pytest.raises(CannotSignInHere):
            sign_ins.sign_in_by_card(kiosk=kiosk, read=read, now=NOW)

    def test_of_somebody_who_only_claims_the_number_is_refused(self, kiosk: KioskView) -> None:
        claimed = PartyFactory(verified=False)

        with pytest.raises(CannotSignInHere):
            sign_ins.sign_in_by_card(kiosk=kiosk, read=claimed.id_number, now=NOW)

    def test_typed_by_hand_is_no_card_where_the_reader_has_a_prefix(self, kiosk: KioskView) -> None:
        party = PartyFactory()
        careful = paired("2号终端", reader_prefix="r3ader-prefix")

        with pytest.raises(CannotSignInHere):
            sign_ins.sign_in_by_card(kiosk=careful, read=party.id_number, now=NOW)
        with pytest.raises(CannotSignInHere):
            sign_ins.sign_in_by_card(kiosk=kiosk, read=f"r3ader-prefix{party.id_number}", now=NOW)
        read = f"r3ader-prefix{party.id_number}"
        assert sign_ins.sign_in_by_card(kiosk=careful, read=read, now=NOW) == party.pk

    def test_reader_rests_after_five_unknown_cards(self, kiosk: KioskView) -> None:
        party = PartyFactory()
        for _ in range(5):
            with pytest.raises(CannotSignInHere):
                sign_ins.sign_in_by_card(kiosk=kiosk, read="11010519491231002X", now=NOW)

        with pytest.raises(CannotSignInHere, match="rests"):
            sign_ins.sign_in_by_card(kiosk=kiosk, read=party.id_number, now=LATER)
        after = NOW + timedelta(minutes=11)
        assert sign_ins.sign_in_by_card(kiosk=kiosk, read=party.id_number, now=after) == party.pk

    def test_writes_no_number_into_the_journal(self, kiosk: KioskView) -> None:
        with pytest.raises(CannotSignInHere):
            sign_ins.sign_in_by_card(kiosk=kiosk, read="11010519491231002X", now=NOW)

        lines = journal.entries_for(kiosk.label)
        assert lines
        assert "11010519491231002X" not in str(lines)


class TestPhone:
    @pytest.fixture
    def code(self, kiosk: KioskView) -> str:
        return sign_ins.offer_code(kiosk=kiosk, now=NOW)

    def confirm(self, code: str, party: Party, now: datetime = LATER, **changes: Any) -> None:
        sign_ins.confirm_code(code=code, by=viewer_of(AccountFactory(party=party, **changes)), now=now)

    def test_confirmed_signs_in_once(self, kiosk: KioskView, code: str) -> None:
        party = PartyFactory()
        assert sign_ins.state_of_code(kiosk=kiosk, code=code, now=LATER) is PhoneState.WAITING

        self.confirm(code, party)

        assert sign_ins.state_of_code(kiosk=kiosk, code=code, now=LATER) is PhoneState.CONFIRMED
        assert sign_ins.sign_in_by_phone(kiosk=kiosk, code=code, now=LATER) == party.pk
        with pytest.raises(CannotSignInHere):
            sign_ins.sign_in_by_phone(kiosk=kiosk, code=code, now=LATER)

    def test_not_confirmed_signs_nobody_in(self, kiosk: KioskView, code: str) -> None:
        with pytest.raises(CannotSignInHere):
            sign_ins.sign_in_by_phone(kiosk=kiosk, code=code, now=LATER)

    def test_is_over_after_two_minutes(self, kiosk: KioskView, code: str) -> None:
        late = NOW + timedelta(seconds=120)

        with pytest.raises(CannotSignInHere):
            self.confirm(code, PartyFactory(), now=late)
        assert sign_ins.state_of_code(kiosk=kiosk, code=code, now=late) is PhoneState.OVER

    def test_confirmed_in_time_but_taken_too_late_signs_nobody_in(self, kiosk: KioskView, code: str) -> None:
        self.confirm(code, PartyFactory())

        with pytest.raises(CannotSignInHere):
            sign_ins.sign_in_by_phone(kiosk=kiosk, code=code, now=NOW + timedelta(seconds=121))

    def test_is_not_confirmed_over_somebody_else(self, kiosk: KioskView, code: str) -> None:
        first = PartyFactory()
        self.confirm(code, first)

        with pytest.raises(CannotSignInHere):
            self.confirm(code, PartyFactory())
        assert sign_ins.sign_in_by_phone(kiosk=kiosk, code=code, now=LATER) == first.pk

    def test_needs_a_real_name(self, code: str) -> None:
        with pytest.raises(CannotSignInHere, match="real-name"):
            self.confirm(code, PartyFactory(verified=False), assurance=Assurance.REGISTERED)

    def test_of_one_kiosk_opens_no_other(self, kiosk: KioskView, code: str) -> None:
        other = paired("2号终端")
        self.confirm(code, PartyFactory())

        with pytest.raises(CannotSignInHere):
            sign_ins.sign_in_by_phone(kiosk=other, code=code, now=LATER)
        assert sign_ins.state_of_code(kiosk=other, code=code, now=LATER) is PhoneState.OVER

    def test_old_ones_are_forgotten(self, kiosk: KioskView, code: str) -> None:
        sign_ins.offer_code(kiosk=kiosk, now=NOW + timedelta(hours=2))

        assert PhoneSignIn.objects.count() == 1

    def test_cannot_be_used_unconfirmed_in_the_database_either(self, code: str) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            PhoneSignIn.objects.update(used_at=NOW)


class TestViewerAt:
    def test_is_real_name_whatever_the_account(self) -> None:
        party = PartyFactory()

        viewer = kiosks.viewer_at(party.pk, acting_for=None, on=NOW.date(), language="zh")

        assert (viewer.party_id, viewer.assurance, viewer.account_id) == (party.pk, Assurance.REAL_NAME, None)

    def test_acts_only_for_whom_a_mandate_allows_today(self) -> None:
        mandate = MandateFactory(valid_to=date(2018, 3, 5))
        agent, company = mandate.agent.pk, mandate.holder.public_id

        assert kiosks.viewer_at(agent, acting_for=company, on=date(2018, 3, 5), language="zh").acting_for_id
        with pytest.raises(CannotActFor):
            kiosks.viewer_at(agent, acting_for=company, on=date(2018, 3, 6), language="zh")
