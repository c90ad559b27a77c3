"""Writes who loses, who gains and what is said otherwise: as rows of a proposal, and as lines of the ledger."""

from collections.abc import Iterator

from yici.apps.reform.models import Amendment, Effect
from yici.apps.reform.weighing import Weighing
from yici.rules.burden import Component, least_level
from yici.rules.burden.comparing import Change
from yici.rules.burden.documents import comparison_document
from yici.rules.burden.wordings import Rewording


def effects_of(amendment: Amendment, weighing: Weighing) -> Iterator[Effect]:
    """Yield a row for each person who loses or gains."""
    document = comparison_document(weighing.comparison)
    both = [(True, weighing.comparison.losses, "losses"), (False, weighing.comparison.gains, "gains")]
    for is_loss, changes, key in both:
        for change, plain in zip(changes, document[key], strict=True):
            yield _effect(amendment, change, plain, is_loss)


def _effect(amendment: Amendment, change: Change, plain: dict[str, object], is_loss: bool) -> Effect:
    return Effect(
        amendment=amendment,
        is_loss=is_loss,
        need=change.need,
        component=change.component,
        old=plain["old"],
        new=plain["new"],
        answers=plain["answers"],
        sentence=change.sentence.zh,
        sentence_en=change.sentence.en,
        least_level=least_level(Component(change.component)),
    )


def wording_of(one: Rewording) -> dict[str, object]:
    """Return a rewording as plain values."""
    pairs = {"what": one.what, "old": one.old, "new": one.new}
    return {"need": one.need, "where": one.where} | {key: words._asdict() for key, words in pairs.items()}


def line_of(effect: Effect) -> dict[str, object]:
    """Return an effect as the ledger keeps it, with the law it was put on."""
    law = effect.reference
    return {
        "need": effect.need,
        "component": effect.component,
        "old": effect.old,
        "new": effect.new,
        "sentence": {"zh": effect.sentence, "en": effect.sentence_en},
        "basis": law and {"title": law.title, "title_en": law.title_en, "article": law.article, "level": law.level},
    }
