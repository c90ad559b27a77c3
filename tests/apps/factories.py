"""Rows for tests that read as sentences: ``PartyFactory(a_company=True)``, ``StaffFactory(decides=True)``."""

from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from yici.apps.people.actions import ID_PLACE, NAME_PLACE
from yici.apps.people.encryption import search_hash
from yici.apps.people.models import Account, Mandate, Party, Staff
from yici.apps.places.actions import illustrative_credit_code
from yici.apps.places.models import Hall, Organisation, Region
from yici.apps.registry.models import Dataset, Grant, Record
from yici.rules.codes import make_resident_id
from yici.rules.datasets import Sharing
from yici.rules.grants import GrantState
from yici.rules.items import Assurance
from yici.rules.levels import Level
from yici.rules.people import IdKind, PartyKind, Role

NAMES = {
    "330000000000": ("浙江省", "Zhejiang Province"),
    "330100000000": ("杭州市", "Hangzhou City"),
    "330122000000": ("桐庐县", "Tonglu County"),
    "330106000000": ("西湖区", "Xihu District"),
    "330500000000": ("湖州市", "Huzhou City"),
    "330502000000": ("吴兴区", "Wuxing District"),
    "330122001000": ("桐君街道", "Tongjun Subdistrict"),
}
LOADED_AT = datetime(2018, 1, 2, 1, 0, tzinfo=UTC)


def region(code: str) -> Region:
    """Return a region with all above it, made on first need."""
    full = code.ljust(12, "0")
    known = Region.objects.filter(code=full).first()
    if known is not None:
        return known
    level = 4 if full[6:9] != "000" else 3 if full[4:6] != "00" else 2 if full[2:4] != "00" else 1
    above = {4: full[:6], 3: full[:4], 2: full[:2], 1: None}[level]
    parent = region(above) if above else None
    name, name_en = NAMES.get(full, (full, full))
    path = f"{parent.path if parent else ''}{full}/"
    return Region.objects.create(code=full, name=name, name_en=name_en, level=level, parent=parent, path=path)


class OrganisationFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation
        django_get_or_create = ("kind", "region")
        exclude = ("code",)

    code = "330122"
    kind = "health"
    region = factory.LazyAttribute(lambda it: region(it.code))
    name = factory.LazyAttribute(lambda it: f"{it.region.name}{it.kind}")
    name_en = factory.LazyAttribute(lambda it: f"{it.region.name_en} {it.kind}")
    uscc = factory.LazyAttribute(lambda it: illustrative_credit_code("11", it.kind, it.region.code))


class HallFactory(DjangoModelFactory[Hall]):
    class Meta:
        model = Hall
        exclude = ("code",)

    code = "330122"
    region = factory.LazyAttribute(lambda it: region(it.code))
    name = factory.LazyAttribute(lambda it: f"{it.region.name}行政服务中心")
    name_en = factory.LazyAttribute(lambda it: f"{it.region.name_en} Service Hall")
    address = "示例路1号"
    phone = "0571-12345"
    hours = "法定工作日"
    hours_en = "Working days"


class PartyFactory(DjangoModelFactory[Party]):
    class Meta:
        model = Party
        exclude = ("code", "serial")

    class Params:
        a_company = factory.Trait(
            kind=PartyKind.LEGAL,
            id_kind=IdKind.BUSINESS_LICENCE,
            name=factory.Sequence(lambda n: f"示例公司{n}"),
            id_number=factory.LazyAttribute(lambda it: illustrative_credit_code("91", it.name, "330122000000")),
            born_on=None,
            sex=None,
        )
        a_child = factory.Trait(born_on=date(2014, 6, 1))

    serial = factory.Sequence(lambda n: 2 * (n % 400) + 2)
    code = "330122"
    kind = PartyKind.NATURAL
    name = factory.Sequence(lambda n: f"示例{chr(0x4E00 + n)}")
    id_kind = IdKind.RESIDENT_ID
    born_on = date(1990, 5, 12)
    sex = "female"
    id_number = factory.LazyAttribute(lambda it: make_resident_id(it.code, it.born_on, it.serial).text)
    name_hash = factory.LazyAttribute(lambda it: search_hash(it.name, NAME_PLACE))
    id_hash = factory.LazyAttribute(lambda it: search_hash(it.id_number, ID_PLACE))
    region = factory.LazyAttribute(lambda it: region(it.code))
    phone = "13900000000"


class StaffFactory(DjangoModelFactory[Staff]):
    class Meta:
        model = Staff

    class Params:
        at_the_window = factory.Trait(post="window", roles=[Role.WINDOW])
        decides = factory.Trait(post="decider", roles=[Role.DECIDER, Role.STEWARD])

    name = factory.Sequence(lambda n: f"办事员{n}")
    organisation = factory.SubFactory(OrganisationFactory)
    post = "reviewer"
    roles = factory.LazyFunction(lambda: [Role.REVIEWER])
    region = factory.LazyAttribute(lambda it: it.organisation.region)


class AccountFactory(DjangoModelFactory[Account]):
    class Meta:
        model = Account

    class Params:
        of_staff = factory.Trait(party=None, staff=factory.SubFactory(StaffFactory), assurance=Assurance.REGISTERED)

    login = factory.Sequence(lambda n: f"account{n}")
    party = factory.SubFactory(PartyFactory)
    assurance = Assurance.REAL_NAME
    password = "!"


class MandateFactory(DjangoModelFactory[Mandate]):
    class Meta:
        model = Mandate

    holder = factory.SubFactory(PartyFactory, a_company=True)
    agent = factory.SubFactory(PartyFactory)
    scope = "all"
    valid_from = date(2018, 1, 1)
    granted_by = "system:test"
    accepted_at = LOADED_AT


class DatasetFactory(DjangoModelFactory[Dataset]):
    class Meta:
        model = Dataset

    class Params:
        conditional = factory.Trait(sharing=Sharing.CONDITIONAL)
        closed = factory.Trait(sharing=Sharing.NOT_SHARED, ground="《示例法》第一条")

    key = "marriages"
    name = "婚姻登记信息"
    name_en = "Marriage register"
    owner = "civil_affairs"
    level = "province"
    sharing = Sharing.UNCONDITIONAL
    fields = factory.LazyFunction(
        lambda: {"certificate": {"zh": "结婚证", "en": "Certificate"}, "spouse": {"zh": "配偶", "en": "Spouse"}}
    )
    rhythm = "daily"


class RecordFactory(DjangoModelFactory[Record]):
    class Meta:
        model = Record

    dataset = factory.SubFactory(DatasetFactory)
    party = factory.SubFactory(PartyFactory)
    values: Any = factory.LazyFunction(lambda: {"certificate": "J330122-2016-000001"})
    held = factory.LazyAttribute(lambda it: sorted(it.values))
    updated_at = LOADED_AT


class GrantFactory(DjangoModelFactory[Grant]):
    class Meta:
        model = Grant
        exclude = ("code",)

    class Params:
        waiting = factory.Trait(state=GrantState.REQUESTED, decided_at=None, decided_by="")
        refused = factory.Trait(state=GrantState.REFUSED, reason="用途不明确")
        revoked = factory.Trait(
            state=GrantState.REVOKED, revoked_at=LOADED_AT, revoked_by="staff:1", revoked_reason="超范围使用"
        )

    code = "330000"
    item_key = "newborn"
    dataset = factory.SubFactory(DatasetFactory)
    fields = factory.LazyAttribute(lambda it: sorted(it.dataset.fields))
    purpose = "办理出生登记"
    purpose_en = "To register a birth"
    basis_title = "示例法"
    basis_article = "第一条"
    basis_level = Level.NATIONAL_LAW
    region = factory.LazyAttribute(lambda it: region(it.code))
    state = GrantState.APPROVED
    asked_at = LOADED_AT
    asked_by = "system:test"
    due_on = date(2018, 1, 16)
    decided_at = LOADED_AT
    decided_by = "staff:1"
