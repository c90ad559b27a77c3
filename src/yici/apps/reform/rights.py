"""Who may propose, who speaks for a reform office, and for which regions."""

from yici.apps.people.viewers import Viewer
from yici.rules.amendments import PROVINCE, CannotAmend
from yici.rules.people import Role


def may_see_bench(viewer: Viewer) -> bool:
    """Whether the bench is there for this person: reform offices, and those who decide for their department."""
    return viewer.is_staff and not viewer.awaits_second_factor and viewer.has_role(Role.REFORM, Role.DECIDER)


def is_office(viewer: Viewer) -> bool:
    """Whether this person speaks for a reform office."""
    return viewer.is_staff and viewer.has_role(Role.REFORM)


def check_may_propose(by: Viewer) -> int:
    """Return the organisation somebody proposes for, or raise CannotAmend."""
    if not may_see_bench(by) or by.organisation_id is None:
        raise CannotAmend(
            zh="只有改革办和部门负责人可以提出修订。", en="Only reform offices and heads of departments may propose."
        )
    return by.organisation_id


def check_office(by: Viewer, region_code: str) -> None:
    """Raise CannotAmend unless the person's reform office answers for the region; "" is the whole province (art. 4)."""
    code = region_code or PROVINCE
    answers = is_office(by) and (region_of(by) == PROVINCE or code.startswith(region_of(by).rstrip("0")))
    if not answers:
        raise CannotAmend(
            zh="须由主管该区划的改革办办理；全省统一的内容由省改革办办理（规定第四条）。",
            en="The reform office of that region does this; what is the same in the whole province is the province's "
            "(art. 4).",
        )


def check_province(by: Viewer) -> None:
    """Raise CannotAmend unless the province's reform office acts."""
    if not is_office(by) or region_of(by) != PROVINCE:
        raise CannotAmend(
            zh="只有省改革办可以这样做（规定第四条）。", en="Only the province's reform office may do this (art. 4)."
        )


def region_of(viewer: Viewer) -> str:
    """Return the 12-digit code of the region the person's post covers."""
    return (viewer.region_code or "").ljust(12, "0")


def reach_of(viewer: Viewer) -> str:
    """Return how the codes begin of the regions whose figures somebody at the bench sees; nobody's begin with "-"."""
    if not may_see_bench(viewer) or viewer.organisation_id is None:
        return "-"
    code = region_of(viewer)
    if code.endswith("0" * 10):
        return code[:2]
    return code[:4] if code.endswith("0" * 8) else code[:6]
