"""A submission asks little of the database: a count, since seconds are measured by `yici bench submission`."""

from typing import Any

import pytest
from django.utils import timezone

from yici.apps.cases.models import Application, Case
from yici.apps.halls.sampling import sample_applicant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_demonstration")]
MOST = 36  # 58 before what stands still was read once


def test_one_case_takes_few_statements(django_assert_max_num_queries: Any) -> None:
    applicant = sample_applicant(now=timezone.now())
    applicant.submit(applicant.ready_draft())  # catalogue and calendar are held from now on
    draft = applicant.ready_draft()

    with django_assert_max_num_queries(MOST):
        applicant.submit(draft)

    case = Case.objects.get(application__applicant_id=applicant.person.party_id, application=Application.objects.last())
    assert (case.evidence.exists(), case.steps.exists(), case.deadlines.exists()) == (True, True, True)


def test_numbers_of_a_day_follow_each_other() -> None:
    applicant = sample_applicant(now=timezone.now())
    for _ in range(3):
        applicant.submit(applicant.ready_draft())

    codes = Case.objects.filter(application__applicant_id=applicant.person.party_id).order_by("pk")
    serials = [int(code[-4:]) for code in codes.values_list("code", flat=True)]
    assert serials == [serials[0], serials[0] + 1, serials[0] + 2]
