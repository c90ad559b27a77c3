"""The papers behind write-backs, shown to whoever confirms them."""

from uuid import UUID

from yici.apps.cases.models import Attachment, Evidence
from yici.apps.people.viewers import Viewer
from yici.apps.registry import steward_queries

NoSuchPaper = Attachment.DoesNotExist


def evidence_of(viewer: Viewer, write_back_id: UUID) -> tuple[str, str, bytes]:
    """Return name, type and content of the paper behind a write-back, for the stewards of the data's owner.

    Raises WriteBack.DoesNotExist for anybody else, and Attachment.DoesNotExist for a paper that is not the one the
    clerk saw: it has the fingerprint that was written down or, where none was, it belongs to the case.
    """
    behind = steward_queries.evidence_of(viewer, write_back_id)
    if behind.attachment_id is None:
        raise Attachment.DoesNotExist
    row = Attachment.objects.get(public_id=behind.attachment_id)
    of_case = Evidence.objects.filter(case__code=behind.case_reference, attachment=row)
    if row.sha256 != behind.sha256 and (behind.sha256 or not of_case.exists()):
        raise Attachment.DoesNotExist
    return row.filename, row.kind, bytes(row.content)
