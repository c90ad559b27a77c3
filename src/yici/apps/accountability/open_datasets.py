"""The open datasets: what each is called, what is in it, and its columns."""

from yici.apps.accountability.open_columns import (
    AS_OF,
    CODE,
    FIGURE,
    ITEM,
    LEFT_OUT,
    MONTH,
    NAME,
    NAME_EN,
    ORGANISATION,
    Column,
    Kind,
    OpenDataset,
)
from yici.rules.words import Words

DATASETS: dict[str, OpenDataset] = {
    one.key: one
    for one in (
        OpenDataset(
            "measures-by-county",
            Words("各县（市、区）月度指标", "Measures of counties by month"),
            Words(
                "全省各县（市、区）及其乡镇单位的服务指标，按月。数量过少的单位不计入合计。",
                "Measures of each county and its towns by month. Offices with too few things are in no total.",
            ),
            (MONTH, CODE, NAME, NAME_EN, *FIGURE, LEFT_OUT, AS_OF),
        ),
        OpenDataset(
            "measures-by-organisation",
            Words("各单位月度指标", "Measures of organisations by month"),
            Words(
                "每个单位的服务指标，按月；评分卡由此得出。",
                "Measures of each organisation by month; the scorecards stand on them.",
            ),
            (MONTH, ORGANISATION, CODE, NAME, NAME_EN, *FIGURE, AS_OF),
        ),
        OpenDataset(
            "measures-by-item",
            Words("各事项月度指标", "Measures of items by month"),
            Words("全省每个事项的服务指标，按月。", "Measures of each item in the whole province by month."),
            (MONTH, ITEM, NAME, NAME_EN, *FIGURE, AS_OF),
        ),
        OpenDataset(
            "hall-waiting",
            Words("大厅等候时间", "Waiting in halls"),
            Words(
                "各办事大厅每月叫号数和从取号到首次叫号的等候分钟数。",
                "Numbers called in each hall by month, and minutes from taking a number to its first call.",
            ),
            (
                MONTH,
                Column("hall", Words("大厅标识", "hall id"), Words("平台内的大厅标识。", "Opaque id of the hall.")),
                NAME,
                NAME_EN,
                FIGURE[1],
                Column(
                    "called",
                    Words("叫号数", "called"),
                    Words(
                        "单位：个。当月被叫过的号。来源：排队系统。",
                        "Unit: numbers. Those called in the month. Source: the queue.",
                    ),
                    Kind.COUNT,
                ),
                Column(
                    "quarter",
                    Words("四分之一等候不超过", "a quarter within"),
                    Words("单位：分钟。", "Unit: minutes."),
                    Kind.NUMBER,
                ),
                Column(
                    "half", Words("一半等候不超过", "half within"), Words("单位：分钟。", "Unit: minutes."), Kind.NUMBER
                ),
                Column(
                    "nine_of_ten",
                    Words("九成等候不超过", "nine of ten within"),
                    Words("单位：分钟。", "Unit: minutes."),
                    Kind.NUMBER,
                ),
            ),
        ),
        OpenDataset(
            "items",
            Words("政务服务事项目录", "Catalogue of items"),
            Words(
                "全省政务服务事项：时限、费用、材料数、到场数。",
                "The items of government services: times, fees, papers, presences.",
            ),
            (
                ITEM,
                Column(
                    "code", Words("基本编码", "code"), Words("12位基本编码。", "Code of the national list, 12 digits.")
                ),
                NAME,
                NAME_EN,
                Column(
                    "organisation_kind",
                    Words("主管机构类别", "kind of organisation"),
                    Words("主管机构的类别。", "Kind of the organisation in charge."),
                ),
                Column(
                    "audience",
                    Words("服务对象", "audience"),
                    Words("natural 个人，legal 法人，空格分隔。", "natural, legal; separated by spaces."),
                ),
                Column(
                    "statutory",
                    Words("法定时限", "statutory time"),
                    Words(
                        "数与单位：W 工作日，D 日，M 月，Y 年，H 小时。",
                        "Number and unit: W working days, D days, M months, Y years, H hours.",
                    ),
                ),
                Column(
                    "promised",
                    Words("承诺时限", "promised time"),
                    Words("写法同法定时限。", "Written as the statutory time."),
                ),
                Column("fee_yuan", Words("收费", "fee"), Words("单位：元。", "Unit: yuan."), Kind.NUMBER),
                Column(
                    "requirements",
                    Words("材料数", "requirements"),
                    Words("单位：项。最多要证明的事项数。", "Unit: things to show, at most."),
                    Kind.COUNT,
                ),
                Column(
                    "presences",
                    Words("到场环节数", "presences"),
                    Words("单位：个。可能需要本人到场的环节。", "Unit: acts that may need the person."),
                    Kind.COUNT,
                ),
                Column("standardised", Words("是否标准化", "standardised"), Words("true 或 false。", "true or false.")),
            ),
            monthly=False,
        ),
        OpenDataset(
            "changes",
            Words("事项变更台账", "Ledger of changes"),
            Words(
                "每次已公布的事项变更：谁得利、谁受损、依据何在。",
                "Each published change of an item: who gains, who loses, and on what basis.",
            ),
            (
                Column(
                    "entry", Words("台账编号", "entry"), Words("台账条目标识。", "Opaque id of the line of the ledger.")
                ),
                ITEM,
                NAME,
                NAME_EN,
                Column(
                    "published_at",
                    Words("公布时间", "published at"),
                    Words("公布的时刻（UTC）。", "When it was published (UTC)."),
                    Kind.MOMENT,
                ),
                Column(
                    "in_force_on",
                    Words("施行日期", "in force on"),
                    Words("开始施行的日期。", "First day in force."),
                    Kind.DATE,
                ),
                Column(
                    "gains",
                    Words("得利", "gains"),
                    Words("中文句子，分号分隔。", "Sentences in Chinese, separated by semicolons."),
                ),
                Column(
                    "losses",
                    Words("受损", "losses"),
                    Words("中文句子，分号分隔。", "Sentences in Chinese, separated by semicolons."),
                ),
                Column(
                    "gains_en", Words("得利（英文）", "gains (English)"), Words("英文句子。", "Sentences in English.")
                ),
                Column(
                    "losses_en", Words("受损（英文）", "losses (English)"), Words("英文句子。", "Sentences in English.")
                ),
            ),
            monthly=False,
        ),
        OpenDataset(
            "reviews",
            Words("评价公布数据", "Published figures of reviews"),
            Words(
                "各大厅、单位、事项公布的评价数据；低于最少数量的不公布。",
                "Figures of reviews of halls, organisations and items as published; nothing below the minimum.",
            ),
            (
                Column(
                    "scope",
                    Words("对象类别", "scope"),
                    Words("hall、organisation 或 item。", "hall, organisation or item."),
                ),
                Column(
                    "subject",
                    Words("对象标识", "subject"),
                    Words("大厅、机构标识或事项代号。", "Id of the hall or organisation, key of the item."),
                ),
                NAME,
                NAME_EN,
                Column(
                    "since", Words("起始日", "since"), Words("统计期第一天。", "First day of the period."), Kind.DATE
                ),
                Column(
                    "as_of_day",
                    Words("截止日", "as of"),
                    Words("统计期最后一天。", "Last day of the period."),
                    Kind.DATE,
                ),
                Column(
                    "given",
                    Words("评价数", "given"),
                    Words("单位：条。计入的评价。来源：好差评。", "Unit: reviews that count. Source: the reviews."),
                    Kind.COUNT,
                ),
                Column(
                    "satisfied",
                    Words("满意率", "satisfied"),
                    Words("单位：%。基本满意及以上。", "Unit: per cent. Fair and better."),
                    Kind.NUMBER,
                ),
                Column(
                    "coverage",
                    Words("评价率", "coverage"),
                    Words("单位：%。可评价事务中给出评价的。", "Unit: per cent of what could be reviewed."),
                    Kind.NUMBER,
                ),
            ),
            monthly=False,
        ),
    )
}
