"""The demonstration's articles: illustrative answers written from the demonstration's catalogue."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from yici.apps.journal import actions as journal
from yici.apps.knowledge.actions import add_edition, put_in_force
from yici.apps.knowledge.models import Article
from yici.apps.places import queries as places
from yici.rules.knowledge import Draft, check_draft
from yici.rules.words import Words

WRITER, DECIDER = "system:demo", "system:demo_second"
NOTE = Words("（演示内容，未经主管部门审定。）", " (Illustrative; no office has approved it.)")


@transaction.atomic
def load(now: datetime, folder: Path) -> None:
    """Load ``knowledge/articles.yaml``; places and catalogue are loaded before. Again changes nothing."""
    content = yaml.safe_load((folder / "knowledge" / "articles.yaml").read_text(encoding="utf-8"))
    made = sum(_article(entry, now) for entry in content["articles"])
    if made:
        journal.record("knowledge.loaded", subject="knowledge:demo", by=WRITER, now=now, facts={"articles": made})


def _article(entry: Mapping[str, Any], now: datetime) -> bool:
    region = places.region_row(entry["region"])
    owner = places.organisation_for(entry["organisation"], region.code)
    article, is_new = Article.objects.get_or_create(
        key=entry["key"], region=region, defaults={"organisation": owner, "items": entry["items"]}
    )
    if is_new:
        draft = Draft(
            title=Words(**entry["title"]),
            body=Words(entry["body"]["zh"] + NOTE.zh, entry["body"]["en"] + NOTE.en),
            phrasings=tuple(entry["phrasings"]),
            items=tuple(entry["items"]),
        )
        check_draft(draft)
        put_in_force(article, add_edition(article, draft, WRITER, now), DECIDER, now)
    return is_new
