"""Who sees topics, of which regions, and who may say what came of one."""

from django.db.models import Q, QuerySet

from yici.apps.people.viewers import Viewer
from yici.apps.topics.models import Topic
from yici.rules.people import Role
from yici.rules.refusals import Refusal


class CannotSeeTopic(Refusal):
    """A topic that does not exist, or not in the viewer's jurisdiction."""


class CannotAnswerTopic(Refusal):
    """An outcome that may not be said: by this person, without words, or a second time."""


def may_see_topics(viewer: Viewer) -> bool:
    """Whether somebody watches over a region (hotline, reform office, administration) or decides for a department."""
    watches = viewer.has_role(Role.HOTLINE, Role.REFORM, Role.ADMIN, Role.DECIDER)
    return watches and bool(viewer.region_path) and not viewer.awaits_second_factor


def seen_by(viewer: Viewer) -> QuerySet[Topic]:
    """Return the topics of the viewer's regions; somebody who only decides for a department sees its own."""
    if not may_see_topics(viewer):
        return Topic.objects.none()
    rows = Topic.objects.filter(region__path__startswith=viewer.region_path or "-")
    if viewer.has_role(Role.HOTLINE, Role.REFORM, Role.ADMIN):
        return rows
    return rows.filter(~Q(owner_kind=""), owner_kind=viewer.organisation_kind)


def may_answer(viewer: Viewer, topic: Topic) -> bool:
    """Whether somebody's office owns the topic: the department of its item, or the reform office of the region."""
    if not seen_by(viewer).filter(pk=topic.pk).exists():
        return False
    decides = viewer.has_role(Role.DECIDER) and viewer.organisation_kind == topic.owner_kind != ""
    return decides or viewer.has_role(Role.REFORM)


def no_such_topic() -> CannotSeeTopic:
    """Return the refusal for a topic that is not there for somebody."""
    return CannotSeeTopic(
        zh="没有这个热点，或它不在您的辖区。请从热点列表中选择。",
        en="There is no such topic in your jurisdiction. Choose one from the list of topics.",
    )
