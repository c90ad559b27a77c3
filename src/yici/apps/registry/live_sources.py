"""Which live register holds a dataset here, and whom it is asked about."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q

from yici.apps.people.models import Party
from yici.apps.registry import resilience
from yici.apps.registry.connectors.making import connector_for
from yici.apps.registry.connectors.protocol import Connector
from yici.apps.registry.connectors.settings import read_mapping, read_settings
from yici.apps.registry.models import Source
from yici.apps.registry.resilience import Terms, Watch
from yici.rules.field_mapping import Mappings, columns_of
from yici.rules.people import PartyKind
from yici.rules.refusals import Refusal
from yici.rules.serving import NATIONWIDE, serving
from yici.rules.source_failures import CannotAsk, Failure
from yici.rules.words import Words

# Numbers of people are remembered by this hash only, and it is another one after each start.
_HASH_KEY = secrets.token_bytes(32)


@dataclass(frozen=True, slots=True)
class PartyKey:
    """Whom a source is asked about; the number never stands in a log. ``region_path``: the party's own place."""

    party_id: int
    id_number: str = field(repr=False)
    kind: PartyKind
    region_path: tuple[str, ...] = ()

    @property
    def hashed(self) -> str:
        """Return what stands for the number in memory."""
        return hashlib.blake2b(self.id_number.encode(), key=_HASH_KEY, digest_size=16).hexdigest()


@dataclass(frozen=True)
class Live:
    """A source as it stands in the database, ready to be asked."""

    row: Source

    @cached_property
    def mapping(self) -> Mappings:
        """Which column holds which field."""
        return read_mapping(self.row.mapping)

    @property
    def title(self) -> Words:
        """The name of the source."""
        return Words(self.row.title, self.row.title_en)

    @property
    def watch(self) -> Watch:
        """The source's deadline, breaker and memory in this process. Raises CannotAsk for unusable settings."""
        row = self.row
        terms = Terms(row.name, row.deadline_ms / 1000, row.rest_seconds, row.at_once)
        made_of = (terms, row.kind, row.settings, row.mapping, row.most_rows)
        try:
            return resilience.WATCHES.over(terms, made_of, self._connector)
        except Refusal as refusal:
            raise CannotAsk(Failure.MISCONFIGURED, refusal.words) from refusal

    def _connector(self) -> Connector:
        return connector_for(
            name=self.row.name,
            kind=self.row.kind,
            settings=read_settings(self.row.kind, self.row.settings),
            columns=columns_of(self.mapping, self.mapping),
            most_each=self.row.most_rows,
        )

    def knows(self, kind: PartyKind) -> bool:
        """Whether it has anything about natural or legal persons: about others it is not asked."""
        return self.row.party_kind in {"", kind}


def party_key(party_id: int | None) -> PartyKey | None:
    """Return whom to ask about, or None for nobody.

    A party that is not verified is nobody: somebody typed that number, perhaps another person's.
    """
    party = Party.objects.select_related("region").filter(pk=party_id or 0, verified=True).first()
    if party is None:
        return None
    path = tuple(reversed(party.region.path.strip("/").split("/"))) if party.region else ()
    return PartyKey(party.pk, party.id_number, PartyKind(party.kind), path)


def chosen(datasets: Iterable[str], region_path: tuple[str, ...], party: PartyKey) -> dict[str, Live]:
    """Return the source of each dataset that has one for this place and this person: one query."""
    codes = [code for code in (*region_path, *party.region_path) if len(code) == 12]
    here = Q(region=None) | Q(region__code__in=codes)
    rows = Source.objects.filter(here, dataset__key__in=list(datasets), enabled=True).select_related("region")
    by_dataset: dict[str, dict[str, Live]] = {}
    for live in map(Live, rows):
        if live.knows(party.kind):
            by_dataset.setdefault(live.row.dataset_id, {})[live.row.name] = live
    found = {}
    for dataset, lives in by_dataset.items():
        serves = {name: one.row.region.code if one.row.region else NATIONWIDE for name, one in lives.items()}
        name = serving(serves, region_path, party.region_path)
        if name is not None:
            found[dataset] = lives[name]
    return found
