"""What stands in the columns of the open datasets: name, meaning with unit and source, and type, in two languages."""

from dataclasses import dataclass
from enum import StrEnum

from yici.rules.words import Words


class Kind(StrEnum):
    """What a column holds, by its name in XML Schema; ``sql`` is the type it has in Parquet."""

    TEXT = "string"
    COUNT = "integer"
    NUMBER = "double"
    DATE = "date"
    MONTH = "gYearMonth"
    MOMENT = "dateTime"

    @property
    def sql(self) -> str:
        """Return the type in DuckDB and so in Parquet."""
        types = {"integer": "BIGINT", "double": "DOUBLE", "date": "DATE", "dateTime": "TIMESTAMPTZ"}
        return types.get(self.value, "VARCHAR")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the file, its name for people, what it means with unit and source, and its type."""

    name: str
    title: Words
    meaning: Words
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class OpenDataset:
    """A dataset. ``monthly`` ones have a file of each month; of the others a file says what stood when it was made."""

    key: str
    title: Words
    description: Words
    columns: tuple[Column, ...]
    monthly: bool = True


MONTH = Column(
    "month", Words("月份", "month"), Words("统计所属的自然月。", "The local month that is counted."), Kind.MONTH
)
CODE = Column("code", Words("区划代码", "region code"), Words("12位行政区划代码。", "Code of the region, 12 digits."))
NAME = Column("name", Words("名称", "name"), Words("中文名称。", "Name in Chinese."))
NAME_EN = Column("name_en", Words("英文名称", "English name"), Words("英文名称。", "Name in English."))
ORGANISATION = Column(
    "organisation",
    Words("机构标识", "organisation id"),
    Words(
        "平台内的机构标识，与评分卡下载文件一致。", "Opaque id of the organisation, as in the files of the scorecards."
    ),
)
AS_OF = Column(
    "as_of",
    Words("统计时点", "as of"),
    Words("数字统计完成的时刻（UTC）。", "When the figures were counted (UTC)."),
    Kind.MOMENT,
)
FIGURE = (
    Column(
        "measure",
        Words("指标", "measure"),
        Words(
            "指标代号，含义见 /api/v1/measures。来源：月度统计。",
            "Key of the measure; /api/v1/measures says what it means. Source: the monthly tallies.",
        ),
    ),
    Column(
        "status",
        Words("状态", "status"),
        Words(
            "shown 公布；hidden 因数量过少或为保护其他小数而不公布。",
            "shown; or hidden: too few things, or hidden to protect another small number.",
        ),
    ),
    Column(
        "good",
        Words("做得好的件数", "good"),
        Words(
            "单位：件。做得好的；每万件类指标为发生次数。",
            "Unit: things. Those that went well; of a rate, how many events there were.",
        ),
        Kind.COUNT,
    ),
    Column(
        "of",
        Words("总件数", "of"),
        Words("单位：件。被统计的总数。", "Unit: things. How many were counted."),
        Kind.COUNT,
    ),
    Column(
        "value",
        Words("指标值", "value"),
        Words(
            "占比为 0 到 1；每万件类指标为每一万件的次数。", "A share from 0 to 1; of a rate, events for 10,000 cases."
        ),
        Kind.NUMBER,
    ),
    Column(
        "low",
        Words("区间下限", "low"),
        Words("95% 置信区间下限，单位同指标值。", "Lower end of the interval (95 of 100), unit of the value."),
        Kind.NUMBER,
    ),
    Column(
        "high",
        Words("区间上限", "high"),
        Words("95% 置信区间上限，单位同指标值。", "Upper end of the interval (95 of 100), unit of the value."),
        Kind.NUMBER,
    ),
)
LEFT_OUT = Column(
    "left_out",
    Words("未计入的单位数", "offices left out"),
    Words(
        "单位：个。因数量过少、其件数未计入合计的单位数。",
        "Unit: offices. How many have too few things and are in no total.",
    ),
    Kind.COUNT,
)
ITEM = Column(
    "item", Words("事项", "item"), Words("事项代号；为空表示未对应事项。", "Key of the item; empty for none.")
)
