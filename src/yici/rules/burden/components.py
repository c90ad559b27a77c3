"""The components of a burden, each with its name and its unit."""

from enum import StrEnum

from yici.rules.words import Words


class Component(StrEnum):
    """What can get harder. Amounts are worse when they grow; goods (``is_good``) are worse when one is lost."""

    ELIGIBILITY = "eligibility"  # what the person may apply for, and what comes of it
    VISITS = "visits"
    PROMISE = "promise"  # whether a machine may promise anything: an item not standardised goes to the window
    DEMANDS = "demands"  # facts the person must show, upload, state or type; of them, the heavier ones follow
    ORIGINALS = "originals"
    ORIGINALS_WITHOUT_COPY = "originals_without_copy"  # of them, those for which no copy will do
    PAPERS = "papers"  # brought or uploaded
    PAPERS_AT_ONCE = "papers_at_once"  # of them, those that may not come later (容缺后补)
    PAPERS_WITHOUT_CHOICE = "papers_without_choice"  # of them, those that no declaration or commitment replaces
    FIELDS = "fields"
    PRESENCES = "presences"
    ORGANISATIONS = "organisations"
    STEPS = "steps"
    PROMISED_DAYS = "promised_days"
    STATUTORY_DAYS = "statutory_days"
    SPECIAL_DAYS = "special_days"
    PROMISED_PERIOD = "promised_period"  # the period the item declares, beside its steps
    STATUTORY_PERIOD = "statutory_period"
    FEE = "fee"
    PAYMENT = "payment"  # whether what is charged can be paid online
    CHANNELS = "channels"
    ACCEPTANCE = "acceptance"  # whether the one window accepts, or only the department
    DELIVERY = "delivery"
    PLACES = "places"

    @property
    def is_good(self) -> bool:
        """Whether more of it is better."""
        return self in _GOODS

    @property
    def words(self) -> Words:
        """Return its name."""
        return _NAMES[self][0]

    @property
    def unit(self) -> Words:
        """Return its unit after a number; the English one begins with a space."""
        return _NAMES[self][1]


_GOODS = frozenset(
    {
        Component.ELIGIBILITY,
        Component.PROMISE,
        Component.PAYMENT,
        Component.CHANNELS,
        Component.ACCEPTANCE,
        Component.DELIVERY,
        Component.PLACES,
    }
)
_NOTHING, _DAYS = Words("", ""), Words(" 个工作日", " working days")
_NAMES = {
    Component.ELIGIBILITY: (Words("可办范围", "What may be applied for"), _NOTHING),
    Component.VISITS: (Words("跑动次数", "Visits"), Words(" 次", "")),
    Component.PROMISE: (Words("标准化承诺", "Promise before applying"), _NOTHING),
    Component.DEMANDS: (Words("须由本人提供或说明的事项", "Facts to show or to state"), Words(" 项", "")),
    Component.ORIGINALS: (Words("须带原件", "Originals to show"), Words(" 份", "")),
    Component.ORIGINALS_WITHOUT_COPY: (
        Words("不收复印件的原件", "Originals for which no copy will do"),
        Words(" 份", ""),
    ),
    Component.PAPERS: (Words("提交材料", "Papers to bring or upload"), Words(" 份", "")),
    Component.PAPERS_AT_ONCE: (Words("申请时必须齐备的材料", "Papers that may not come later"), Words(" 份", "")),
    Component.PAPERS_WITHOUT_CHOICE: (
        Words("不能以承诺或声明代替的材料", "Papers that no declaration or commitment replaces"),
        Words(" 份", ""),
    ),
    Component.FIELDS: (Words("填写内容", "Fields to fill in"), Words(" 项", "")),
    Component.PRESENCES: (Words("须本人参与的环节", "Acts that need the person"), Words(" 个", "")),
    Component.ORGANISATIONS: (Words("经手部门", "Organisations involved"), Words(" 个", "")),
    Component.STEPS: (Words("经手岗位", "Posts that handle it"), Words(" 个", "")),
    Component.PROMISED_DAYS: (Words("承诺办理时间", "Promised time"), _DAYS),
    Component.STATUTORY_DAYS: (Words("法定办理时间", "Statutory time"), _DAYS),
    Component.SPECIAL_DAYS: (Words("特殊程序时间", "Time of special procedures"), _DAYS),
    Component.PROMISED_PERIOD: (Words("公布的承诺时限", "Declared promised period"), _DAYS),
    Component.STATUTORY_PERIOD: (Words("公布的法定时限", "Declared statutory period"), _DAYS),
    Component.FEE: (Words("收费", "Fee"), Words(" 分", " fen")),
    Component.PAYMENT: (Words("缴费方式", "Ways to pay"), _NOTHING),
    Component.CHANNELS: (Words("办理渠道", "Channels"), _NOTHING),
    Component.ACCEPTANCE: (Words("受理", "Acceptance"), _NOTHING),
    Component.DELIVERY: (Words("领取方式", "Ways of delivery"), _NOTHING),
    Component.PLACES: (Words("一次办完的地点", "Places where one visit does everything"), _NOTHING),
}
