"""Words that tell an operator a matter may be urgent; a hint, the operator decides."""

from yici.rules.tickets import Urgency

# 危及生命财产安全, then 水电气热等民生急事: the two grades of rules.ticket_limits. Illustrative, like the categories.
CRITICAL = (
    "漏气",
    "燃气泄漏",
    "煤气味",
    "着火",
    "起火",
    "冒烟",
    "触电",
    "坍塌",
    "塌陷",
    "爆炸",
    "中毒",
    "被困",
    "溺水",
    "gas leak",
    "fire",
    "collapsed",
)
URGENT = (
    "停水",
    "停电",
    "停气",
    "没水",
    "没电",
    "水管爆",
    "爆管",
    "井盖",
    "断头电线",
    "电线掉",
    "污水倒灌",
    "no water",
    "no power",
)


def urgency_hint(text: str) -> tuple[Urgency, str]:
    """Return the grade a text suggests and the word that suggests it, the ordinary grade without one.

    >>> urgency_hint("小区停水两天"), urgency_hint("路灯不亮")
    ((<Urgency.URGENT: 'urgent'>, '停水'), (<Urgency.ORDINARY: 'ordinary'>, ''))
    """
    lower = text.lower()
    for grade, words in ((Urgency.CRITICAL, CRITICAL), (Urgency.URGENT, URGENT)):
        found = next((word for word in words if word in lower), "")
        if found:
            return grade, found
    return Urgency.ORDINARY, ""
