"""A small catalogue of three items, written into a folder for the tests of import."""

from pathlib import Path

ORGANISATIONS = """\
organisations:
  health: {name: {zh: 卫生局, en: Health bureau}, uscc_kind: "11", levels: [county, city, province]}
  police: {name: {zh: 公安局, en: Police}, uscc_kind: "11", levels: [county, city]}
"""
DATASETS = """\
datasets:
  births:
    name: {zh: 出生医学证明, en: Birth certificates}
    owner: health
    level: province
    sharing: unconditional
    fields: {number: {zh: 编号, en: Number}, mother: {zh: 母亲, en: Mother}}
    not_shared_in: ["330500"]
"""
LICENCE_TYPES = """\
licence_types:
  birth_certificate:
    {name: {zh: 出生医学证明, en: Birth certificate}, authority: health, code: "001", fields: [child_name]}
"""
ELEMENTS = """\
elements:
  child_name: {name: {zh: 姓名, en: Name}, ask: {zh: 叫什么？, en: What name?}, kind: name}
  married: {name: {zh: 已婚, en: Married}, ask: {zh: 结婚了吗？, en: Married?}, kind: bool}
  order: {name: {zh: 孩次, en: Order}, ask: {zh: 第几个？, en: Which child?}, kind: int, minimum: 1, maximum: 9}
  place:
    name: {zh: 地点, en: Place}
    ask: {zh: 在哪里出生？, en: Born where?}
    kind: enum
    values: {hospital: {zh: 医院, en: Hospital}, at_home: {zh: 家中, en: At home}}
"""
CERTIFICATE = """\
item: certificate
code: "330723001000"
name: {zh: 出生医学证明签发, en: Issue of the birth certificate}
type: "07"
level: "4"
organisation: health
audience: [natural]
immediate: false
channels: [web, window]
scope: county
power_source: "1"
bases: [{title: 母婴保健法, article: 第二十三条, level: national_law}]
statutory: 5W
promised: 1W
fee: {amount_fen: 0}
standardised: true
questions: [place]
fields: [child_name]
requirements:
  - key: delivery
    name: {zh: 分娩记录, en: Record of the delivery}
    proves: delivery
    when: place == "hospital"
    basis: {title: 母婴保健法, article: 第二十三条, level: national_law}
    ways: [data births.number, original births.number]
steps:
  - {key: accept, name: {zh: 受理, en: Acceptance}, post: window, promised_days: 0, statutory_days: 1}
  - {key: issue, name: {zh: 签发, en: Issue}, post: reviewer, promised_days: 1, statutory_days: 4, after: [accept]}
outcome: {licence: birth_certificate, data: [births.number], delivery: [electronic]}
aliases: [出生证, 宝宝出生证]
consult_phone: 0571-64210001
complaint_phone: 0571-12345
"""
REGISTRATION = """\
item: registration
code: "330709002000"
name: {zh: 出生登记, en: Birth registration}
type: "07"
level: "4"
organisation: police
audience: [natural]
immediate: false
channels: [web, window]
scope: county
power_source: "1"
bases: [{title: 户口登记条例, article: 第七条, level: administrative_regulation}]
statutory: {value: 5, unit: W}
promised: 1W
fee: {amount_fen: 0}
standardised: true
questions:
  - married
  - {key: follows, name: {zh: 随哪一方, en: Follows}, ask: {zh: 随父还是随母？, en: Whom?}, kind: enum,
     values: {mother: {zh: 母, en: Mother}, father: {zh: 父, en: Father}}}
requirements:
  - key: certificate
    name: {zh: 出生医学证明, en: Birth certificate}
    proves: birth
    basis: {title: 户口登记条例, article: 第七条, level: administrative_regulation}
    ways: [result_of certificate, licence birth_certificate, original births.number]
  - key: parentage
    name: {zh: 亲子鉴定, en: Parentage report}
    proves: parentage
    when: '!married && follows == "father"'
    basis: {title: 户口登记规定, article: 第九条, level: normative_document}
    ways: [upload]
presences:
  - key: interview
    name: {zh: 面谈, en: Interview}
    stage: review
    after: [accept]
    places: [window, police_station]
    when: "!married"
    basis: {title: 户口登记规定, article: 第十条, level: normative_document}
    waived_by: real_name
steps:
  - {key: accept, name: {zh: 受理, en: Acceptance}, post: window, promised_days: 0, statutory_days: 1}
  - key: review
    name: {zh: 审核, en: Review}
    post: reviewer
    promised_days: 1
    statutory_days: 4
    after: [accept]
    special:
      - {kind: survey, name: {zh: 调查, en: Survey}, days: 10, when: "!married",
         basis: {title: 户口登记规定, article: 第十一条, level: normative_document}}
outcome: {delivery: [electronic, post]}
aliases: [上户口, 报户口]
faq: [{q: {zh: 要多久？, en: How long?}, a: {zh: 一天。, en: A day.}}]
consult_phone: 0571-64210001
complaint_phone: 0571-12345
"""
EVENT = """\
event: newborn
name: {zh: 新生儿出生, en: A child is born}
summary: {zh: 一次办齐。, en: All at once.}
lead: health
audience: [natural]
topic: birth
aliases: [生孩子, 生娃]
questions: [order]
members:
  - {item: certificate}
  - {item: registration, after: [certificate], when: order >= 1}
"""
LOCAL = """\
region: "330500"
source: 湖州市出生登记办法（2017）
items:
  registration:
    promised: 0W
    requirements:
      parentage: null
      mother_card:
        name: {zh: 母亲身份证, en: Mother's ID card}
        proves: mother
        basis: {title: 湖州市出生登记办法, article: 第三条, level: normative_document}
        ways: [data births.mother, upload]
    steps: {review: {promised_days: 0}}
"""
FILES = {
    "organisations.yaml": ORGANISATIONS,
    "datasets.yaml": DATASETS,
    "licence_types.yaml": LICENCE_TYPES,
    "elements.yaml": ELEMENTS,
    "items/health/certificate.yaml": CERTIFICATE,
    "items/police/registration.yaml": REGISTRATION,
    "events/newborn.yaml": EVENT,
    "local/330500.yaml": LOCAL,
}


def write_catalogue(folder: Path, **changes: str) -> Path:
    """Write the files; ``changes`` replace a file by its name without folder and ending, "" leaves it out."""
    for name, text in FILES.items():
        content = changes.get(Path(name).stem, text)
        if content:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    return folder


def line_of(text: str, part: str) -> tuple[int, int]:
    """Return line and column of a piece of text, counted from 1."""
    before = text[: text.index(part)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
