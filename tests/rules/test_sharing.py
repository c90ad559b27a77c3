"""What can be seen of shared data: the link first, then the record, then its status."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yici.rules import sharing
from yici.rules.datasets import Sharing
from yici.rules.plans import Availability
from yici.rules.sharing import Link, RecordStatus

REGIONS = st.sampled_from(["330000", "330100000000", "330122", "330122000000", "330500", "330502"])
LINKS = st.builds(Link, st.sampled_from(Sharing), st.frozensets(REGIONS))
FIELDS = st.sampled_from(["certificate", "spouse", "registered_on"])


class TestLink:
    @given(link=LINKS, path=st.frozensets(REGIONS))
    def test_a_grant_never_closes_anything_and_opens_nothing_that_is_shut(
        self, link: Link, path: frozenset[str]
    ) -> None:
        without, with_grant = link.state(path, is_granted=False), link.state(path, is_granted=True)

        assert without is (Availability.NOT_SHARED if link.is_shut(path) else Availability.NEEDS_GRANT)
        assert with_grant is (Availability.NOT_SHARED if link.is_shut(path) else None)

    @given(not_shared=st.frozensets(REGIONS), path=st.frozensets(REGIONS, min_size=1))
    def test_what_is_not_shared_is_shut_everywhere(self, not_shared: frozenset[str], path: frozenset[str]) -> None:
        assert Link(Sharing.NOT_SHARED, not_shared).is_shut(path)

    @pytest.mark.parametrize("state", list(Availability))
    def test_only_confirmed_and_pending_values_are_read(self, state: Availability) -> None:
        assert sharing.is_readable(state) == (state in {Availability.AVAILABLE, Availability.PENDING})


class TestAvailability:
    @given(
        link=LINKS,
        path=st.frozensets(REGIONS),
        held=st.frozensets(FIELDS),
        field=FIELDS,
        status=st.sampled_from(RecordStatus),
        is_granted=st.booleans(),
    )
    def test_is_readable_only_through_an_open_link_with_a_value_to_be_relied_on(
        self,
        link: Link,
        path: frozenset[str],
        held: frozenset[str],
        *,
        field: str,
        status: RecordStatus,
        is_granted: bool,
    ) -> None:
        state = sharing.availability(link, path, held, field, status, is_granted=is_granted)

        expected = is_granted and not link.is_shut(path) and field in held and status is not RecordStatus.STALE
        assert sharing.is_readable(state) == expected

    @given(link=LINKS, path=st.frozensets(REGIONS), held=st.frozensets(FIELDS), field=FIELDS, is_granted=st.booleans())
    def test_does_not_tell_through_a_closed_link_whether_there_is_a_value(
        self, link: Link, path: frozenset[str], held: frozenset[str], field: str, is_granted: bool
    ) -> None:
        if link.state(path, is_granted=is_granted) is not None:
            with_value, without = (
                sharing.availability(link, path, some, field, RecordStatus.AVAILABLE, is_granted=is_granted)
                for some in (held | {field}, held - {field})
            )
            assert with_value is without

    def test_of_an_unknown_dataset_is_missing(self) -> None:
        assert (
            sharing.availability(None, [], ["a"], "a", RecordStatus.AVAILABLE, is_granted=True) is Availability.MISSING
        )
