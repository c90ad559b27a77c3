"""What only the province does: register laws, fix what is the same for all, list the exceptions (规定 art. 4)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yici.apps.catalogue import queries as catalogue
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.reform.models import ExceptionItem, FixedField, LawReference
from yici.apps.reform.rights import check_province, region_of
from yici.rules.amendments import CannotAmend
from yici.rules.levels import Level


@transaction.atomic
def register_reference(
    *, title: str, title_en: str, article: str, level: str, source: str, by: Viewer, now: datetime
) -> LawReference:
    """Register an article somebody has read, with its level and where it can be read. Raises CannotAmend."""
    check_province(by)
    said = [one.strip() for one in (title, title_en, article, source)]
    if not all(said) or level not in {one.value for one in Level if one is not Level.NONE}:
        raise CannotAmend(
            zh="请写明法律名称（中英文）、条款、层级和出处。",
            en="Give the title in both languages, the article, its level and where it can be read.",
        )
    made, is_new = LawReference.objects.get_or_create(
        title=said[0],
        article=said[2],
        defaults={
            "title_en": said[1],
            "level": level,
            "source": said[3],
            "registered_at": now,
            "registered_by": by.label,
        },
    )
    if not is_new:
        raise CannotAmend(zh="该条已登记。", en="This article is registered already.")
    journal.record("reform.reference_registered", subject=f"law:{made.public_id}", by=by.label, now=now)
    return made


@transaction.atomic
def fix_field(*, item_key: str, field: str, by: Viewer, now: datetime) -> None:
    """Fix a field of an item for all places. Raises CannotAmend and CannotFindInCatalogue."""
    check_province(by)
    if not hasattr(catalogue.item(item_key), field):
        raise CannotAmend(zh=f"事项没有“{field[:40]}”这一项。", en=f"An item has no field '{field[:40]}'.")
    terms = {"region_code": region_of(by), "fixed_at": now, "fixed_by": by.label}
    FixedField.objects.get_or_create(item_key=item_key, field=field, defaults=terms)
    journal.record("reform.field_fixed", subject=f"item:{item_key}", by=by.label, now=now, facts={"field": field})


@transaction.atomic
def list_exception(*, item_key: str, reference_id: UUID, by: Viewer, now: datetime) -> None:
    """List an item that by law cannot be done in one visit. Raises CannotAmend unless a law or regulation says so."""
    check_province(by)
    law = LawReference.objects.get(public_id=reference_id)
    if Level(law.level).height < Level.LOCAL_REGULATION.height:
        raise CannotAmend(
            zh="例外只能依据法律、法规（规定第四条）。", en="An exception rests on a law or a regulation only (art. 4)."
        )
    terms = {"reference": law, "region_code": region_of(by), "listed_at": now, "listed_by": by.label}
    ExceptionItem.objects.get_or_create(item_key=catalogue.item(item_key).key, defaults=terms)
    journal.record("reform.exception_listed", subject=f"item:{item_key}", by=by.label, now=now)
