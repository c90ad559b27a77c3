"""Conditions on acts that depend on the facts of the case, each with the article behind it."""

from collections.abc import Callable

from yici.rules.case_acts import CaseAct
from yici.rules.case_facts import CannotAct, CaseFacts, Ground, Missing, Move
from yici.rules.words import Words


def _one_notice_only(_move: Move, facts: CaseFacts) -> None:
    if facts.corrections_sent:
        raise CannotAct(
            zh="补正只能一次性告知，这件已经告知过（行政许可法第三十二条第一款第四项、规定第十一条）。请受理，或书面说明理由不予受理。",
            en="Missing materials are named once and completely, and this case had its notice (Licence Law art. 32, "
            "Reform Regulation art. 11). Accept it, or refuse to accept it with written reasons.",
        )
    if facts.time_is_up:
        raise CannotAct(
            zh="告知补正的期限已过，自收到材料之日起即为受理（行政许可法第三十二条）。请按已受理办理。",
            en="The time to name missing materials is over: the application counts as accepted from the day of receipt "
            "(Licence Law art. 32). Go on with the review.",
        )
    if not facts.missing:
        raise CannotAct(
            zh="没有缺少的材料，不能要求补正。请受理，或先标明缺少哪些材料。",
            en="Nothing is missing, so nothing can be asked for. Accept the case, or mark first what is missing.",
        )


def _answer_in_time(_move: Move, facts: CaseFacts) -> None:
    if facts.time_is_up:
        raise CannotAct(
            zh="补正期限已过，视为撤回申请（规定第十一条第三款）。请重新申请，已填写的内容可以沿用。",
            en="The time to answer is over and the application counts as withdrawn (Reform Regulation art. 11). Apply "
            "again; what you entered can be used once more.",
        )


def _only_when_time_is_up(_move: Move, facts: CaseFacts) -> None:
    if not facts.time_is_up:
        raise CannotAct(
            zh="期限尚未届满，不能按逾期处理。请等待期限届满。",
            en="The time is not up yet, so silence means nothing. Wait until it is.",
        )


def _nothing_missing(_move: Move, facts: CaseFacts) -> None:
    # Silence past the notice period accepts even an incomplete application (行政许可法 art. 32(1)(4)).
    if facts.missing and not facts.time_is_up:
        raise CannotAct(
            zh=f"还缺少：{_names(facts.missing).zh}。请一次性告知补正；只缺容缺材料的，可以容缺受理。",
            en=f"Still missing: {_names(facts.missing).en}. Send the one correction notice, or accept with deferred "
            "materials if only those are missing.",
        )


def _only_deferrable_missing(_move: Move, facts: CaseFacts) -> None:
    necessary = tuple(missing for missing in facts.missing if not missing.deferrable)
    if necessary:
        raise CannotAct(
            zh=f"主要材料欠缺，不能容缺受理（规定第十一条第二款）：{_names(necessary).zh}。请一次性告知补正。",
            en=f"Main materials are missing, so the case cannot be accepted with deferred ones (Reform Regulation art. "
            f"11): {_names(necessary).en}. Send the one correction notice.",
        )
    if not facts.missing:
        raise CannotAct(
            zh="材料齐全，不需要容缺受理。请直接受理。",
            en="Nothing is missing, so nothing needs to be deferred. Accept the case.",
        )


def _ground_holds(move: Move, facts: CaseFacts) -> None:
    if move.ground is None:
        raise CannotAct(
            zh="不予受理须选择法定理由：不属于本机关职权、依法不需要许可、补正后仍不符合要求、提供虚假材料。请选择。",
            en="Choose the legal ground for not accepting: another authority is competent, no licence is needed, the "
            "correction failed, or the materials are false.",
        )
    if move.ground is Ground.CORRECTION_FAILED and not facts.correction_answered:
        raise CannotAct(
            zh="尚未告知补正或申请人尚未答复，不能以材料问题不予受理（规定第十一条第三款）。请先一次性告知补正。",
            en="No correction was asked for and answered, so the case cannot be refused for its materials (Reform "
            "Regulation art. 11). Send the one correction notice first.",
        )
    if move.ground is Ground.CORRECTION_FAILED and facts.time_is_up:
        raise CannotAct(
            zh="告知期限已过，自收到材料之日起即为受理（行政许可法第三十二条）。请按已受理办理。",
            en="The time to object to the materials is over: the case counts as accepted (Licence Law art. 32). Go on "
            "with the review.",
        )


def _was_deficient(_move: Move, facts: CaseFacts) -> None:
    if not facts.deficient:
        raise CannotAct(
            zh="这件不是容缺受理，没有待补的容缺材料，也不能撤销受理。请继续审查。",
            en="This case was not accepted with deferred materials, so none are due and the acceptance stands. Go on.",
        )


def _cure_has_failed(_move: Move, facts: CaseFacts) -> None:
    if not facts.cure_failed:
        raise CannotAct(
            zh="容缺材料的补正期限未到，且没有认定补正不符合要求，不能撤销受理。请等待申请人补正。",
            en="The deferred materials are neither late nor found unfit, so the acceptance stands. Wait for them.",
        )


def _ready_to_grant(_move: Move, facts: CaseFacts) -> None:
    if facts.deficient:
        raise CannotAct(
            zh="容缺材料尚未补齐，不能作出准予决定（规定第十一条第二款）。请先收齐容缺材料。",
            en="Deferred materials are still missing, so nothing can be granted yet (Reform Regulation art. 11). Take "
            "them in first.",
        )
    if facts.open_steps:
        raise CannotAct(
            zh=f"还有{facts.open_steps}个环节没有办完，不能作出准予决定。请等待各环节完成。",
            en=f"{facts.open_steps} step(s) are not done, so the case cannot be granted. Wait for them.",
        )


def _commitment_holds(_move: Move, facts: CaseFacts) -> None:
    if not facts.commitment_allowed:
        raise CannotAct(
            zh="本事项不在告知承诺制范围内（规定第十四条）。请按一般程序办理。",
            en="This item is not on the list for commitments (Reform Regulation art. 14). Use the ordinary procedure.",
        )
    if facts.commitment_barred:
        raise CannotAct(
            zh="申请人因违反承诺尚未信用修复，不再适用告知承诺制（规定第十四条）。请按一般程序办理。",
            en="The applicant broke an earlier commitment and it is not repaired (Reform Regulation art. 14). Use the "
            "ordinary procedure.",
        )
    if not facts.commitment_signed:
        raise CannotAct(
            zh="申请人还没有签署书面承诺。请先请申请人签署承诺书。",
            en="The applicant has not signed the written commitment. Ask for the signature first.",
        )


def _extend_once(move: Move, facts: CaseFacts) -> None:
    if facts.extensions:
        raise CannotAct(
            zh="期限已经延长过一次，不能再次延长（行政许可法第四十二条）。请在期限内作出决定。",
            en="The time was extended once and cannot be extended again (Licence Law art. 42). Decide within it.",
        )
    if not move.approved_by.strip():
        raise CannotAct(
            zh="延长期限须经负责人批准（行政许可法第四十二条）。请写明批准人。",
            en="An extension needs the approval of the head (Licence Law art. 42). Name who approved it.",
        )
    if facts.time_is_up:
        raise CannotAct(
            zh="期限已经届满，不能再延长。请尽快作出决定并说明超期原因。",
            en="The time is already up and cannot be extended. Decide soon and explain the delay.",
        )


def _renewal_overdue(_move: Move, facts: CaseFacts) -> None:
    if not facts.renewal_overdue:
        raise CannotAct(
            zh="不是按期提出的延续申请，或者原许可尚未届满，不能视为准予延续（行政许可法第五十条）。",
            en="This is no renewal applied for in time, or the old licence still runs: nothing is deemed (Licence Law "
            "art. 50). Decide the case.",
        )


def _something_to_issue(_move: Move, facts: CaseFacts) -> None:
    if facts.nothing_to_issue or facts.issued:
        raise CannotAct(
            zh="这件没有待制作的证照。请直接送达办理结果。",
            en="There is no licence left to make for this case. Deliver the result.",
        )


def _something_to_deliver(_move: Move, facts: CaseFacts) -> None:
    if facts.delivered:
        raise CannotAct(zh="办理结果已经送达，不必再次送达。", en="The result was delivered already; go on.")


def _delivered(_move: Move, facts: CaseFacts) -> None:
    if not facts.delivered:
        raise CannotAct(
            zh="办理结果尚未送达申请人，不能归档（行政许可法第四十四条）。请先送达。",
            en="The applicant does not have the result yet, so the case stays open (Licence Law art. 44). Deliver it.",
        )


Check = Callable[[Move, CaseFacts], None]
CHECKS: dict[CaseAct, tuple[Check, ...]] = {
    CaseAct.CORRECT: (_one_notice_only,),
    CaseAct.ANSWER_CORRECTION: (_answer_in_time,),
    CaseAct.DEEM_WITHDRAWN: (_only_when_time_is_up,),
    CaseAct.DEEM_ACCEPTED: (_only_when_time_is_up,),
    CaseAct.ACCEPT: (_nothing_missing,),
    CaseAct.ACCEPT_DEFICIENT: (_only_deferrable_missing,),
    CaseAct.REFUSE_TO_ACCEPT: (_ground_holds,),
    CaseAct.CURE_DEFICIENCY: (_was_deficient,),
    CaseAct.REVOKE_ACCEPTANCE: (_was_deficient, _cure_has_failed),
    CaseAct.GRANT: (_ready_to_grant,),
    CaseAct.GRANT_ON_COMMITMENT: (_commitment_holds,),
    CaseAct.EXTEND: (_extend_once,),
    CaseAct.DEEM_RENEWED: (_renewal_overdue,),
    CaseAct.ISSUE: (_something_to_issue,),
    CaseAct.DELIVER: (_something_to_deliver,),
    CaseAct.CLOSE: (_delivered,),
}


def _names(missing: tuple[Missing, ...]) -> Words:
    return Words("、".join(one.name.zh for one in missing), ", ".join(one.name.en for one in missing))
