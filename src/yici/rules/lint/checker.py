"""The thirteen consistency rules that reviewers of implementation lists apply before an item is published."""

import re
from collections.abc import Iterator

from yici.rules.items import Catalogue, Item
from yici.rules.lint.findings import Found, ItemRule
from yici.rules.lint.visits import visit_causes
from yici.rules.words import Words

LICENCE = "01"  # 行政许可, GB/T 39046-2020 A.1
_ONLINE = frozenset({"web", "mobile"})
_PHONE = re.compile(r"(0\d{2,3}-)?(\d{5,8})(-\d{1,6})?", re.ASCII)
_RESULTS = {"批复": "审批办结", "证": "出证办结", "文": "出文办结"}
# What each of the five steps of a licence may be called (受理 审核 审批 办结 送达).
_FIVE_STEPS = {
    "受理": ("受理", "收件"),
    "审核": ("审核", "审查", "核查", "评审", "勘验"),
    "审批": ("审批", "决定", "批准", "核准"),
    "办结": ("办结", "制证", "出证", "发证", "制作"),
    "送达": ("送达", "发放", "颁发", "领取", "邮寄"),
}


def immediate_is_immediate(item: Item, catalogue: Catalogue) -> Found:
    """Rule 1: what is promised at once is an immediate item, decided where it is taken (即审即办)."""
    if item.promised.value == 0 and not item.immediate:
        yield "immediate", Words("承诺即办，办件类型应为即办件。", "Promised at once, so it must be an immediate item.")
    for step in item.steps:
        if item.immediate and step.promised_days > 0:
            yield (
                f"steps.{step.key}",
                Words(
                    f"即办件应即审即办，环节“{step.name.zh}”却需要 {step.promised_days} 天。",
                    f"An immediate item is decided on the spot, but '{step.name.en}' takes {step.promised_days} days.",
                ),
            )


def promised_is_reviewed(item: Item, catalogue: Catalogue) -> Found:
    """Rule 2: any other item is a promised one, taken in front and reviewed behind (前审后批)."""
    if item.promised.value > 0 and item.immediate:
        yield (
            "immediate",
            Words("承诺时限不为零，办件类型应为承诺件。", "It promises days, so it is no immediate item."),
        )
    if item.promised.value > 0 and len(item.steps) < 2:
        yield (
            "steps",
            Words("承诺件应前审后批，至少两个环节。", "A promised item is taken and then reviewed: two steps."),
        )


def result_type_fits_name(item: Item, catalogue: Catalogue) -> Found:
    """Rule 3: a result called 证, 文 or 批复 ends the case in the way of that name."""
    name = item.result_name.zh if item.result_name else ""
    wanted = next((kind for ending, kind in _RESULTS.items() if name.endswith(ending)), "")
    if wanted and item.result_type != wanted:
        given = item.result_type or "—"
        zh = f"结果名称“{name}”的结果类型应为“{wanted}”，现为“{given}”。"
        english = item.result_name.en if item.result_name else ""
        yield "result_type", Words(zh, f"The result '{english}' has the type {wanted}, not {given}.")


def visit_has_a_reason(item: Item, catalogue: Catalogue) -> Found:
    """Rule 4: an item that makes people come says why they must (必须现场办理原因)."""
    cause = next(iter(visit_causes(item)), None)
    if cause and item.presence_reason is None:
        zh = f"需要到场（{cause[1].zh}），却没有写明必须现场办理的原因。"
        yield "presence_reason", Words(zh, f"Somebody must come ({cause[1].en}), but no reason is given.")


def no_visit_no_reason(item: Item, catalogue: Catalogue) -> Found:
    """Rule 5: an item nobody has to come for gives no reason to come."""
    if item.presence_reason is not None and not any(True for _ in visit_causes(item)):
        zh = "不需要到场，却写了必须现场办理的原因。请删去。"
        yield "presence_reason", Words(zh, "Nobody has to come, yet a reason to come is given. Delete it.")


def offline_without_visit_is_posted(item: Item, catalogue: Catalogue) -> Found:
    """Rule 6: no visit and not online means by post."""
    if not any(True for _ in visit_causes(item)) and not _ONLINE.union({"post"}).intersection(item.channels):
        zh = "到场次数为零又不能网上办理，办理形式应包含邮寄。"
        yield "channels", Words(zh, "Nobody has to come and it is not online, so it must be open by post.")


def depth_four_means_no_visit(item: Item, catalogue: Catalogue) -> Found:
    """Rule 7: online depth IV (全程网办) means nobody has to come."""
    cause = next(iter(visit_causes(item)), None)
    if item.depth == "IV" and cause:
        zh = f"网办深度为Ⅳ级，却需要到场（{cause[1].zh}）。"
        yield "depth", Words(zh, f"Online depth IV, yet somebody must come ({cause[1].en}).")


def fee_is_complete(item: Item, catalogue: Catalogue) -> Found:
    """Rule 8: a fee has its basis, its name and a way to pay online; without a fee there is nothing to pay online."""
    if item.fee.amount_fen == 0 and item.fee.online_payment:
        yield "fee", Words("不收费，却标明网上支付。", "There is no fee, yet it can be paid online.")
    if item.fee.amount_fen > 0:
        yield from (("fee", sentence) for sentence in _missing_of_fee(item))


def _missing_of_fee(item: Item) -> Iterator[Words]:
    if item.fee.basis is None:
        yield Words("收费没有依据。", "The fee has no legal basis.")
    if item.fee.name is None:
        yield Words("收费没有项目名称。", "The fee has no name.")
    if not item.fee.online_payment:
        yield Words("收费不能网上支付。", "The fee cannot be paid online.")


def phones_are_complete(item: Item, catalogue: Catalogue) -> Found:
    """Rule 9: telephones for questions and for complaints, different ones, with area code."""
    for place, phone in (("consult_phone", item.consult_phone), ("complaint_phone", item.complaint_phone)):
        found = _PHONE.fullmatch(phone)
        if not phone:
            yield place, Words("没有电话。", "The telephone is missing.")
        elif not found or not found[1]:
            yield place, Words(f"电话“{phone}”没有区号。", f"The telephone {phone} lacks its area code.")
    if item.consult_phone and item.consult_phone == item.complaint_phone:
        yield "complaint_phone", Words("咨询和投诉是同一个电话。", "Questions and complaints have the same telephone.")


def audience_fits_events(item: Item, catalogue: Catalogue) -> Found:
    """Rule 10: an item serves those whose life event it belongs to."""
    for event in catalogue.events.values():
        belongs = any(member.item == item.key for member in event.members)
        if belongs and not set(event.audience).intersection(item.audience):
            zh = f"服务对象与所属一件事“{event.name.zh}”的主题不符。"
            yield "audience", Words(zh, f"It does not serve those for whom '{event.name.en}' is.")


def licence_has_questions_answered(item: Item, catalogue: Catalogue) -> Found:
    """Rule 11: a licence answers at least one frequent question."""
    if item.type == LICENCE and not item.faq:
        yield "faq", Words("行政许可至少要有一个常见问题。", "A licence answers at least one frequent question.")


def licence_has_five_steps(item: Item, catalogue: Catalogue) -> Found:
    """Rule 12: a licence shows the five steps 受理, 审核, 审批, 办结, 送达."""
    if item.type != LICENCE:
        return
    names = "、".join(step.name.zh for step in item.steps)
    missing = [step for step, words in _FIVE_STEPS.items() if not any(word in names for word in words)]
    if missing:
        zh = f"行政许可缺少环节：{'、'.join(missing)}。"
        yield "steps", Words(zh, f"A licence has five steps; missing here: {', '.join(missing)}.")


def result_has_a_sample(item: Item, catalogue: Catalogue) -> Found:
    """Rule 13: who gets a result can see beforehand what it looks like."""
    if item.result_name is not None and not item.sample:
        yield "sample", Words("有结果名称，没有结果样本。", "There is a result, but no sample of it.")


RULES: tuple[tuple[str, ItemRule], ...] = (
    ("1-immediate", immediate_is_immediate),
    ("2-reviewed", promised_is_reviewed),
    ("3-result-type", result_type_fits_name),
    ("4-visit-reason", visit_has_a_reason),
    ("5-no-visit-no-reason", no_visit_no_reason),
    ("6-post", offline_without_visit_is_posted),
    ("7-depth", depth_four_means_no_visit),
    ("8-fee", fee_is_complete),
    ("9-phones", phones_are_complete),
    ("10-audience", audience_fits_events),
    ("11-faq", licence_has_questions_answered),
    ("12-five-steps", licence_has_five_steps),
    ("13-sample", result_has_a_sample),
)
