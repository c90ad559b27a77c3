"""The shapes of an item and of a life event: everything their published schemas allow, in the order people read."""

from yici.channels.bench.forms import choices
from yici.channels.bench.forms.shapes import NOTHING, Kind, Shape
from yici.rules.words import Words

_KEY_HINT = Words("小写字母、数字和下划线", "small letters, digits, underscores")
_WHEN_HINT = Words(
    '如 birth_place == "home" && !married；空白表示总是', 'e.g. birth_place == "home" && !married; blank: always'
)


def _key(hint: Words = _KEY_HINT) -> Shape:
    return Shape("key", Words("键", "Key"), needed=True, hint=hint)


def _name() -> Shape:
    return Shape("name", Words("名称", "Name"), Kind.WORDS, needed=True)


def _when() -> Shape:
    return Shape("when", Words("适用条件", "Applies when"), Kind.CONDITION, hint=_WHEN_HINT)


def _after(what: Words, known: str = "") -> Shape:
    return Shape("after", what, Kind.NAMES, known=known, hint=Words("键，用逗号隔开", "keys, with commas between"))


def _basis(*, needed: bool = True) -> Shape:
    return Shape("basis", Words("法律依据", "Legal basis"), Kind.GROUP, _BASIS, needed=needed)


_BASIS = (
    Shape("title", Words("法律名称", "Law"), needed=True),
    Shape("title_en", Words("英文名称", "Law, in English")),
    Shape("article", Words("条款", "Article"), needed=True),
    Shape("level", Words("层级", "Level"), Kind.CHOICE, choices=choices.LEVELS_OF_LAW, needed=True),
    Shape("verified", Words("已核对原文", "Read in the law itself"), Kind.FLAG, needed=True),
)
_ELEMENT = (
    _name(),
    _key(),
    Shape("ask", Words("怎么问", "Question"), Kind.WORDS, needed=True),
    Shape("kind", Words("类型", "Kind"), Kind.CHOICE, choices=choices.ELEMENT_KINDS, needed=True),
    Shape(
        "values",
        Words("选项", "Choices"),
        Kind.TABLE,
        (Shape("key", Words("键", "Key"), needed=True), _name()),
    ),
    Shape("minimum", Words("最小", "Least"), Kind.NUMBER),
    Shape("maximum", Words("最大", "Greatest"), Kind.NUMBER),
    Shape(
        "source", Words("数据来源", "Where it may be known"), known="datums", hint=Words("数据集.字段", "dataset.field")
    ),
    Shape("hint", Words("提示", "Hint"), Kind.WORDS),
    Shape("optional", Words("选填", "Optional"), Kind.FLAG),
)
_REQUIREMENT = (
    _name(),
    _key(),
    Shape(
        "proves",
        Words("证明什么", "What it proves"),
        needed=True,
        hint=Words("证明同一事实的材料是同一份", "papers that prove the same are one paper"),
    ),
    _when(),
    Shape(
        "ways",
        Words("办法（从轻到重）", "Ways, the lightest first"),
        Kind.TABLE,
        (Shape("way", NOTHING, Kind.WAY),),
        needed=True,
        adds=Words("办法", "a way"),
    ),
    Shape("necessity", Words("必要性", "Necessity"), Kind.CHOICE, choices=choices.NECESSITIES),
    Shape("issued_by", Words("出具机构", "Issued by"), known="organisations"),
    _basis(),
)
_PRESENCE = (
    _name(),
    _key(),
    Shape("stage", Words("阶段", "Stage"), Kind.CHOICE, choices=choices.STAGES, needed=True),
    Shape("places", Words("地点", "Places"), Kind.SEVERAL, choices=choices.PLACES, needed=True),
    _when(),
    _after(Words("在哪些步骤之后", "After the steps"), "steps"),
    Shape("waived_by", Words("何种账号可免", "Waived by"), Kind.CHOICE, choices=choices.WAIVERS),
    _basis(),
)
_SPECIAL = (
    Shape("kind", Words("键", "Key"), needed=True, hint=_KEY_HINT),
    _name(),
    Shape("days", Words("工作日", "Working days"), Kind.NUMBER, needed=True),
    _when(),
    _basis(),
)
_STEP = (
    _name(),
    _key(),
    Shape(
        "organisation", Words("机构", "Organisation"), known="organisations", hint=Words("空白：本机构", "blank: own")
    ),
    Shape("post", Words("岗位", "Post"), needed=True),
    Shape("promised_days", Words("承诺工作日", "Promised working days"), Kind.NUMBER, needed=True),
    Shape("statutory_days", Words("法定工作日", "Statutory working days"), Kind.NUMBER, needed=True),
    _after(Words("在哪些步骤之后", "After the steps"), "steps"),
    _when(),
    Shape(
        "special",
        Words("特殊程序（不计时）", "Special procedures, not counted"),
        Kind.ROWS,
        _SPECIAL,
        adds=Words("特殊程序", "a special procedure"),
    ),
)


def _group(key: str, zh: str, en: str, *parts: Shape) -> Shape:
    return Shape(key, Words(zh, en), Kind.GROUP, parts)


def _elements(key: str, zh: str, en: str, adds: Words) -> Shape:
    return Shape(key, Words(zh, en), Kind.ROWS, _ELEMENT, shared=True, known="elements", adds=adds)


_SCHEDULE = tuple(
    Shape(key, words, Kind.PERIOD, choices=choices.UNITS, needed=True)
    for key, words in (("promised", Words("承诺时限", "Promised")), ("statutory", Words("法定时限", "By law")))
)
_FEE = Shape(
    "fee",
    Words("收费", "Fee"),
    Kind.GROUP,
    (
        Shape("amount_fen", Words("金额（元）", "Amount in yuan"), Kind.YUAN, needed=True),
        Shape("online_payment", Words("可网上缴费", "Can be paid online"), Kind.FLAG, needed=True),
        Shape("name", Words("名目", "What for"), Kind.WORDS),
        _basis(needed=False),
    ),
    needed=True,
)
_OUTCOME = Shape(
    "outcome",
    Words("结果", "Outcome"),
    Kind.GROUP,
    (
        Shape("licence", Words("证照", "Licence"), known="licence_types"),
        Shape("data", Words("写入的数据", "Data it writes"), Kind.NAMES, known="datums"),
        Shape("delivery", Words("送达方式", "Delivery"), Kind.SEVERAL, choices=choices.DELIVERIES),
    ),
    needed=True,
)
# The sections of the page; "" groups parts that stand at the top of the document.
ITEM: tuple[Shape, ...] = (
    _group(
        "",
        "名称与机构",
        "Name and office",
        _name(),
        Shape("aliases", Words("俗称", "Everyday words"), Kind.NAMES, hint=Words("用逗号隔开", "with commas between")),
        Shape("organisation", Words("主管机构", "Organisation"), known="organisations", needed=True),
        Shape("item", Words("键", "Key"), needed=True),
        Shape("code", Words("基本编码", "National code"), needed=True),
        Shape("type", Words("事项类型", "Type"), Kind.CHOICE, choices=choices.TYPES, needed=True),
        Shape("level", Words("行使层级", "Level"), Kind.CHOICE, choices=choices.POWER_LEVELS, needed=True),
        Shape(
            "power_source",
            Words("权力来源", "Source of power"),
            Kind.CHOICE,
            choices=choices.POWER_SOURCES,
            needed=True,
        ),
        Shape("audience", Words("服务对象", "For whom"), Kind.SEVERAL, choices=choices.AUDIENCES, needed=True),
        Shape("scope", Words("通办范围", "May apply within"), Kind.CHOICE, choices=choices.SCOPES, needed=True),
        Shape(
            "standardised",
            Words("已标准化（机器可以承诺）", "Standardised: a machine may promise"),
            Kind.FLAG,
            needed=True,
        ),
        Shape("immediate", Words("即办件", "Settled at once"), Kind.FLAG, needed=True),
    ),
    _elements("questions", "情形问题", "Questions that decide the situation", Words("问题", "a question")),
    Shape("requirements", Words("材料", "Requirements"), Kind.ROWS, _REQUIREMENT, adds=Words("材料", "a requirement")),
    Shape(
        "presences",
        Words("到场环节", "Acts that need the person"),
        Kind.ROWS,
        _PRESENCE,
        adds=Words("到场环节", "an act in person"),
    ),
    Shape("steps", Words("办理步骤", "Steps"), Kind.ROWS, _STEP, needed=True, adds=Words("步骤", "a step")),
    _group(
        "",
        "时限、渠道与收费",
        "Time, channels and fee",
        *_SCHEDULE,
        Shape("channels", Words("办理渠道", "Channels"), Kind.SEVERAL, choices=choices.CHANNELS, needed=True),
        Shape("acceptance", Words("由谁受理", "Who accepts"), Kind.CHOICE, choices=choices.ACCEPTANCES),
        Shape("presence_reason", Words("必须到场的原因", "Why one must come"), Kind.WORDS),
        Shape("depth", Words("网上办理深度", "Depth online"), Kind.CHOICE, choices=choices.DEPTHS),
        _FEE,
        _OUTCOME,
    ),
    Shape(
        "bases",
        Words("法律依据", "Legal bases"),
        Kind.ROWS,
        _BASIS,
        needed=True,
        adds=Words("法律依据", "a legal basis"),
    ),
    _elements("fields", "表单字段", "Fields of the form", Words("字段", "a field")),
    _group(
        "",
        "说明与联系方式",
        "Words and contact",
        Shape("accept_conditions", Words("受理条件", "Conditions of acceptance"), Kind.LONG_WORDS),
        Shape("result_name", Words("结果名称", "Name of the result"), Kind.WORDS),
        Shape("result_type", Words("办结类型", "Kind of result"), Kind.CHOICE, choices=choices.RESULT_TYPES),
        Shape("sample", Words("结果样本", "Sample of the result")),
        Shape("consult_phone", Words("咨询电话", "Telephone for questions")),
        Shape("complaint_phone", Words("投诉电话", "Telephone for complaints")),
        Shape("notes", Words("备注", "Notes"), Kind.LONG_WORDS),
    ),
    Shape(
        "faq",
        Words("常见问题", "Frequent questions"),
        Kind.ROWS,
        (
            Shape("q", Words("问", "Question"), Kind.WORDS, needed=True),
            Shape("a", Words("答", "Answer"), Kind.LONG_WORDS, needed=True),
        ),
    ),
)
EVENT: tuple[Shape, ...] = (
    _group(
        "",
        "名称与牵头机构",
        "Name and lead",
        _name(),
        Shape("summary", Words("说明", "Summary"), Kind.LONG_WORDS, needed=True),
        Shape("aliases", Words("俗称", "Everyday words"), Kind.NAMES, hint=Words("用逗号隔开", "with commas between")),
        Shape("event", Words("键", "Key"), needed=True),
        Shape("lead", Words("牵头机构", "Lead"), known="organisations", needed=True),
        Shape("audience", Words("服务对象", "For whom"), Kind.SEVERAL, choices=choices.AUDIENCES, needed=True),
        Shape("topic", Words("主题", "Topic")),
        Shape("notes", Words("备注", "Notes"), Kind.LONG_WORDS),
    ),
    _elements("questions", "情形问题", "Questions that decide the situation", Words("问题", "a question")),
    Shape(
        "members",
        Words("包含的事项", "Items it is made of"),
        Kind.ROWS,
        (
            Shape("item", Words("事项", "Item"), known="items", needed=True),
            _when(),
            _after(Words("在哪些事项之后", "After the items")),
        ),
        needed=True,
    ),
)
