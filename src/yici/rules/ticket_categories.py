"""What tickets are about: an illustrative tree of two levels, each leaf with the kind of organisation it belongs to.

It is the platform's own list, made for the demonstration; a city replaces the duties by rows of its duty list.
"""

from dataclasses import dataclass

from yici.rules.tickets import CannotHandleTicket
from yici.rules.words import Words


@dataclass(frozen=True, slots=True)
class Category:
    """One leaf or branch; ``duty`` is the kind of organisation that handles it, empty for a branch."""

    key: str
    words: Words
    duty: str = ""

    @property
    def parent(self) -> str:
        """Return the key of the branch, empty for a branch itself."""
        return self.key.rpartition(".")[0]


# Branch, then its leaves as "key kind 中文 | English".
_TREE = {
    "certificates 证件办理 | Certificates": (
        "household public_security 户籍、身份证 | Household register and identity card",
        "marriage civil_affairs 婚姻登记 | Marriage register",
        "birth health 出生证明 | Birth certificate",
        "company market_regulation 企业登记 | Company register",
    ),
    "health 医疗卫生 | Health": (
        "vaccination health 预防接种 | Vaccination",
        "hospitals health 医院服务 | Hospitals",
        "insurance medical_insurance 医疗保险 | Medical insurance",
    ),
    "work 劳动与社会保障 | Work and social security": (
        "wages human_resources 工资拖欠 | Unpaid wages",
        "pension human_resources 养老保险 | Pension",
        "assistance civil_affairs 社会救助 | Social assistance",
        "disability disabled_federation 残疾人服务 | Disability services",
        "veterans veterans 退役军人 | Veterans",
    ),
    "education 教育 | Education": (
        "enrolment education 入学招生 | School places",
        "conduct education 办学行为 | Conduct of schools",
    ),
    "housing 住房 | Housing": (
        "property housing 物业管理 | Property management",
        "sales housing 房屋交易 | Sale of homes",
        "fund housing_fund 住房公积金 | Housing fund",
        "title natural_resources 不动产登记 | Title to land and homes",
    ),
    "environment 生态环境 | Environment": (
        "noise ecology 噪声扰民 | Noise",
        "air ecology 大气污染 | Air",
        "water ecology 水污染 | Water pollution",
    ),
    "city 城市管理 | City": (
        "litter urban_management 市容环卫 | Streets and litter",
        "vendors urban_management 占道经营 | Trading on the pavement",
        "building urban_management 违法建设 | Illegal building",
    ),
    "traffic 交通 | Traffic": (
        "parking public_security 违法停车 | Parking",
        "transit transport 公交出租 | Buses and taxis",
        "roads transport 道路设施 | Roads",
    ),
    "market 市场监管 | Market": (
        "consumer market_regulation 消费纠纷 | Consumer disputes",
        "food market_regulation 食品安全 | Food safety",
        "price market_regulation 价格收费 | Prices and fees",
    ),
    "utilities 公用事业 | Utilities": (
        "power power_utility 供电 | Power",
        "tap water_utility 供水 | Water",
        "gas gas_utility 燃气 | Gas",
        "cable cable_utility 广电网络 | Cable network",
    ),
    "country 农业农村 | Country": (
        "land agriculture 土地承包 | Farmland",
        "rivers water 河道水利 | Rivers and water works",
        "village township 村务 | Village affairs",
    ),
    "safety 公共安全 | Safety": (
        "fire fire_rescue 消防隐患 | Fire hazards",
        "works emergency 生产安全 | Safety at work",
        "order public_security 治安 | Public order",
    ),
    "taxes 税务 | Taxes": ("invoices taxation 发票 | Invoices", "filing taxation 申报缴税 | Filing and paying"),
    "service 政务服务 | Government service": (
        "visits reform_office 跑多次、要求多余材料 | More than one visit, needless papers",
        "attitude government_service_hall 窗口服务态度 | Conduct at the window",
        "online big_data 网上办事系统 | The online system",
    ),
    "other 其他 | Other": ("other government_service_hall 其他 | Other",),
}


def _read() -> dict[str, Category]:
    found: dict[str, Category] = {}
    for branch, leaves in _TREE.items():
        key, _, names = branch.partition(" ")
        found[key] = Category(key, _words(names))
        for leaf in leaves:
            name, duty, rest = leaf.split(" ", 2)
            found[f"{key}.{name}"] = Category(f"{key}.{name}", _words(rest), duty)
    return found


def _words(names: str) -> Words:
    zh, _, en = names.partition(" | ")
    return Words(zh, en)


CATEGORIES: dict[str, Category] = _read()
LEAVES: tuple[Category, ...] = tuple(one for one in CATEGORIES.values() if one.duty)


def category(key: str) -> Category:
    """Return a leaf by its key. Raises CannotHandleTicket for a branch or an unknown key.

    >>> category("city.litter").duty
    'urban_management'
    """
    found = CATEGORIES.get(key)
    if found is None or not found.duty:
        raise CannotHandleTicket(
            zh=f"没有类别“{key[:60]}”。请从类别表中选择最下一级。",
            en=f"There is no category '{key[:60]}'. Choose one of the lowest level from the tree.",
        )
    return found
