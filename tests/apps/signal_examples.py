"""A month of cases made directly as rows: so many of an item in a county, some of which went wrong in one way."""

from datetime import UTC, date, datetime
from typing import Any

from tests.apps.factories import DatasetFactory, HallFactory, OrganisationFactory, PartyFactory, StaffFactory, region
from yici.apps.cases.models import Application, Case, Evidence, Step
from yici.apps.catalogue.models import Implementation, ItemRevision
from yici.apps.halls.visit_models import ExtraDemand, ServedVisit, VisitTouch
from yici.apps.people.models import Party
from yici.apps.places.models import Hall
from yici.apps.reform.models import Amendment
from yici.apps.registry.models import CorrectionSignal, Dataset, Gap
from yici.apps.reviews.models import Review
from yici.apps.tickets.models import Ticket

MARCH, NOW = date(2018, 3, 1), datetime(2018, 4, 2, 2, 0, tzinfo=UTC)
AT = datetime(2018, 3, 14, 3, 0, tzinfo=UTC)
COUNTIES = ("330122", "330106", "330502", "330501", "330102", "330103", "330104", "330105")


class World:
    """Counties with an item; ``happened`` adds cases, and the events of one kind to the first of them."""

    def __init__(self, key: str = "certificate") -> None:
        self.key, self.party = key, PartyFactory()
        self.revision = ItemRevision.objects.select_related("basic").filter(basic__key=key).latest("number")
        self.count = 0

    def happened(self, county: str, cases: int, **events: int) -> list[Case]:
        organisation = OrganisationFactory(code=county, kind="health")
        implementation, _ = Implementation.objects.get_or_create(
            basic=self.revision.basic,
            region=organisation.region,
            defaults={"organisation": organisation, "code31": f"S{county:0>30}", "revision": self.revision},
        )
        made = [self._case(implementation) for _ in range(cases)]
        for kind, number in events.items():
            for case in made[:number]:
                getattr(self, f"_{kind}")(case)
        return made

    def _case(self, implementation: Implementation) -> Case:
        self.count += 1
        application = Application.objects.create(
            reference=f"W{self.key}{self.count}", event_key=self.key, event_name="出生", event_name_en="Birth",
            event_sha256="0" * 64, region=implementation.region, applicant=self.party, channel="web", submitted_at=AT,
            submitted_by="x", mode="zero", promised_visits=0, promised_days=1, plan={"evidence": []},
            facts_text='{"place": "hospital"}', closed_at=AT,
        )  # fmt: skip
        case = Case.objects.create(
            application=application, applied_at=application.submitted_at, concluded_at=application.closed_at,
            code=f"W{self.key}{self.count}", position=1, item_key=self.key, name="出生证",
            name_en="Certificate", implementation=implementation, revision=self.revision,
            organisation=implementation.organisation, state="completed", received_at=AT, decided_at=AT, decided_by="x",
            outcome="granted", closed_at=AT,
        )  # fmt: skip
        Step.objects.create(
            case=case, key="issue", position=1, name="签发", name_en="Issue", organisation=implementation.organisation,
            post="reviewer", promised_days=1, statutory_days=4, state="done", due_on=AT.date(), finished_at=AT,
        )  # fmt: skip
        return case

    def _corrections(self, case: Case) -> None:
        Case.objects.filter(pk=case.pk).update(corrections=1)

    def _returns(self, case: Case) -> None:
        Case.objects.filter(pk=case.pk).update(state="returned", outcome="")

    def _overdue(self, case: Case) -> None:
        case.steps.update(finished_at=None, state="taken")

    def _forced(self, case: Case) -> None:
        self.visit(case)

    def _demands(self, case: Case) -> None:
        ExtraDemand.objects.create(
            visit=self.visit(case), application=case.application, item_key=self.key, region=case.application.region,
            what="居住证明", why="习惯", asked_by="clerk", asked_at=AT,
        )  # fmt: skip

    def visit(self, case: Case) -> ServedVisit:
        visit = ServedVisit.objects.create(
            party=self.party, clerk=StaffFactory(organisation=case.organisation), way="card", begun_at=AT, ended_at=AT,
            hall=_hall(case.application.region.code[:6]),
        )  # fmt: skip
        VisitTouch.objects.create(visit=visit, application=case.application, kind="original", touched_at=AT)
        return visit

    def _disputes(self, case: Case) -> None:
        Evidence.objects.create(
            case=case, requirement="delivery", proves="delivery", name="记录", name_en="Record", way="data",
            target="births.number", source="卫生", source_en="Health", necessity="necessary", status="present",
        )  # fmt: skip
        CorrectionSignal.objects.create(
            dataset=_births(), field="number", party=self.party, claimed="B2", reported_at=AT, reported_by="x",
            case_reference=case.application.reference,
        )  # fmt: skip

    def _gaps(self, case: Case) -> None:
        Gap.objects.create(
            dataset=_births(), field="number", cause="missing", party=self.party, region=case.application.region,
            item=self.key, requirement="delivery", case_reference=case.application.reference, recorded_at=AT,
        )  # fmt: skip

    def _complaints(self, case: Case) -> None:
        self.complaint(case.application.region.code, PartyFactory())

    def complaint(self, code: str, party: Party | None, **words: Any) -> Ticket:
        self.count += 1
        terms = {
            "reference": f"T{self.count}", "kind": "complaint", "urgency": "ordinary", "channel": "phone",
            "party": party, "subject": "办证太难", "detail": "要了三次材料", "region": region(code), "desk_code": code,
            "item_key": self.key, "received_at": AT, "state": "closed", "ending": "answered", "closed_at": AT,
            "due_at": AT, "amber_at": AT,
        }  # fmt: skip
        return Ticket.objects.create(**(terms | words))

    def comments(
        self, counties: list[str], *, first: date, last: date, item_key: str = "certificate", region_code: str = ""
    ) -> Amendment:
        """Open an amendment for comments; somebody in each of the counties makes one ("": not counted anywhere)."""
        made = Amendment.objects.create(
            item_key=item_key, name="出生证", name_en="Certificate", organisation=OrganisationFactory(), text="",
            base_text="", reason="x", proposed_at=AT, proposed_by="x", region_code=region_code,
        )  # fmt: skip
        Amendment.objects.filter(pk=made.pk).update(stage="comment", notice_from=first, notice_until=last)
        for place, county in enumerate(counties):
            counted_in = county and f"{county}000000"
            made.comments.create(text=f"意见{place}", made_at=AT, counted_in=counted_in)
        return made

    def _reviews(self, case: Case) -> None:
        self.review(case, 1)

    def review(self, case: Case, grade: int) -> Review:
        return Review.objects.create(
            kind="case", case=case, finished_at=AT, region=case.application.region, desk_code="330122", state="closed",
            organisation=case.organisation, item_key=self.key, channel="web", grade=grade, given_at=AT,
        )  # fmt: skip


def _births() -> Dataset:
    return Dataset.objects.filter(key="births").first() or DatasetFactory(key="births", owner="health")


def _hall(code: str) -> Hall:
    return Hall.objects.filter(region__code=code.ljust(12, "0")).first() or HallFactory(code=code)
