"""The questions of one made-up item, with their names."""

from yici.rules.conditions import Fact
from yici.rules.words import Words

PLACES = ("local", "other_province", "abroad")
FACTS = {
    fact.key: fact
    for fact in (
        Fact("child.order", "int", minimum=1, maximum=12),
        Fact("age", "int"),
        Fact("residence", "enum", PLACES),
        Fact("birthplace", "enum", PLACES),
        Fact("housing", "enum", ("own", "rented")),
        Fact("married", "bool"),
        Fact("insured", "bool"),
        Fact("income", "fen", minimum=0),
        Fact("rent", "fen"),
        Fact("born_on", "date"),
        Fact("moved_on", "date"),
    )
}
NAMES = {
    "child.order": Words("生育次序", "birth order"),
    "residence": Words("户籍地", "residence"),
    "birthplace": Words("出生地", "birthplace"),
    "married": Words("已婚", "married"),
    "insured": Words("参加社保", "social insurance"),
    "income": Words("月收入", "monthly income"),
    "rent": Words("月租金", "monthly rent"),
    "born_on": Words("出生日期", "the day of birth"),
    "moved_on": Words("迁入日期", "the day of moving in"),
}
VALUE_NAMES = {
    ("residence", "local"): Words("本省", "this province"),
    ("residence", "other_province"): Words("外省", "another province"),
    ("residence", "abroad"): Words("境外", "abroad"),
    ("married", "true"): Words("父母已登记结婚", "the parents are married"),
    ("married", "false"): Words("父母未登记结婚", "the parents are not married"),
}
