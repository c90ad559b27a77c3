"""Owner, windows, steward and clock act on one field of one person in any order, against the database."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.apps.factories import AccountFactory, DatasetFactory, GrantFactory, PartyFactory, StaffFactory
from yici.apps.people.models import Party
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.places.actions import load_calendar
from yici.apps.registry import actions, queries, write_backs
from yici.apps.registry.models import Record, WriteBack
from yici.rules.plans import Availability

CERTIFICATE, TONGLU = "marriages.certificate", "330122"
ACTS = ("owner_records", "window_writes", "steward_confirms", "steward_rejects", "time_passes")


class Field:
    """The certificate of one person, as the acts and a slow account of them see it."""

    def __init__(self, party: Party, clerk: Viewer, steward: Viewer, now: datetime) -> None:
        self.party, self.clerk, self.steward, self.now = party, clerk, steward, now
        self.owner_said: str | None = None
        self.brought: dict[str, bool] = {}  # value on the paper → not rejected
        self._numbers = count(1)

    def owner_records(self) -> None:
        self.owner_said = f"OWN-{next(self._numbers)}"
        actions.put_record(
            party_id=self.party.pk,
            dataset="marriages",
            values={"certificate": self.owner_said},
            by="system:test",
            now=self.now,
        )

    def window_writes(self) -> None:
        number = next(self._numbers)
        self.brought[f"PAPER-{number}"] = True
        write_backs.write_back(
            party_id=self.party.pk,
            dataset="marriages",
            field="certificate",
            value=f"PAPER-{number}",
            evidence_id=None,
            case_reference=f"C{number}",
            by=self.clerk,
            now=self.now,
        )

    def steward_confirms(self) -> None:
        if row := self._oldest_waiting():
            write_backs.confirm(write_back_id=row.public_id, by=self.steward, now=self.now)

    def steward_rejects(self) -> None:
        if row := self._oldest_waiting():
            self.brought[str(row.value)] = False
            write_backs.reject(write_back_id=row.public_id, reason="编号不符", by=self.steward, now=self.now)

    def time_passes(self) -> None:
        self.now += timedelta(days=40)
        write_backs.deem_confirmed(now=self.now)

    def _oldest_waiting(self) -> WriteBack | None:
        return WriteBack.objects.filter(party=self.party, state__in=["pending", "deemed_confirmed"]).first()

    def check(self) -> None:
        """The owner's record says what the owner said last; who brought a good paper is not asked again."""
        record = Record.objects.filter(party=self.party).first()
        assert (record.values["certificate"] if record else None) == self.owner_said
        good = [value for value, stands in self.brought.items() if stands]
        assert set(good) <= {str(row.value) for row in WriteBack.objects.filter(party=self.party)}, "a paper was lost"
        expected = self.owner_said or (good[-1] if good else None)
        assert (self._seen() is Availability.MISSING) == (expected is None)
        assert self._read() == expected

    def _seen(self) -> Availability:
        found = queries.availability(
            party_id=self.party.pk, region_code=TONGLU, wanted=[CERTIFICATE], items=["newborn"]
        )
        return found[CERTIFICATE]

    def _read(self) -> object:
        answer = actions.fetch(
            party_id=self.party.pk,
            wanted=[CERTIFICATE],
            items=["newborn"],
            purpose="test",
            basis="规定第七条",
            case_reference="C0",
            case_is_open=True,
            by="party:1",
            now=self.now,
            region_code=TONGLU,
        )
        return answer.content.get(CERTIFICATE)


@pytest.fixture
def field(db: None, now: datetime) -> Callable[[], Field]:
    load_calendar(by="system:test", now=now)
    GrantFactory(dataset=DatasetFactory())
    clerk = StaffFactory(at_the_window=True, organisation__kind="government_service_hall")
    steward = StaffFactory(decides=True, organisation__kind="civil_affairs")
    viewers = [viewer_of(AccountFactory(of_staff=True, staff=one)) for one in (clerk, steward)]
    return lambda: Field(PartyFactory(), *viewers, now)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(ACTS), min_size=1, max_size=7))
def test_nothing_of_the_owner_is_lost_and_nobody_is_asked_twice(field: Callable[[], Field], acts: list[str]) -> None:
    with transaction.atomic():
        one = field()
        for act in acts:
            getattr(one, act)()
            one.check()
        transaction.set_rollback(True)
