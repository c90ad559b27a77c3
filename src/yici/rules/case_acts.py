"""The acts on a case, in which part somebody acts, and how a button says it."""

from enum import StrEnum

from yici.rules.words import Words


class Actor(StrEnum):
    """In which part somebody acts on a case."""

    APPLICANT = "applicant"
    CLERK = "clerk"
    REVIEWER = "reviewer"
    HEAD = "head"
    CLOCK = "clock"


class CaseAct(StrEnum):
    """The acts on one case."""

    RECEIVE = "receive"
    PASS_PRECHECK = "pass_precheck"
    RECEIVE_ON_NOTICE = "receive_on_notice"
    ACCEPT_ON_NOTICE = "accept_on_notice"
    CORRECT = "correct"
    ANSWER_CORRECTION = "answer_correction"
    DEEM_WITHDRAWN = "deem_withdrawn"
    ACCEPT = "accept"
    ACCEPT_DEFICIENT = "accept_deficient"
    DEEM_ACCEPTED = "deem_accepted"
    REFUSE_TO_ACCEPT = "refuse_to_accept"
    CURE_DEFICIENCY = "cure_deficiency"
    REVOKE_ACCEPTANCE = "revoke_acceptance"
    BEGIN_REVIEW = "begin_review"
    START_SPECIAL_PROCEDURE = "start_special_procedure"
    END_SPECIAL_PROCEDURE = "end_special_procedure"
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND = "extend"
    TRANSFER = "transfer"
    GRANT = "grant"
    REFUSE = "refuse"
    GRANT_ON_COMMITMENT = "grant_on_commitment"
    DEEM_RENEWED = "deem_renewed"
    ISSUE = "issue"
    DELIVER = "deliver"
    PASS_CHECK = "pass_check"
    ORDER_RECTIFICATION = "order_rectification"
    REVOKE_LICENCE = "revoke_licence"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    RETURN = "return"

    @property
    def words(self) -> Words:
        """Return the act as a button says it."""
        return _WORDS[self]


_WORDS = {
    CaseAct.RECEIVE: Words("收件", "Receive"),
    CaseAct.PASS_PRECHECK: Words("预审通过", "Pass the pre-check"),
    CaseAct.RECEIVE_ON_NOTICE: Words("收到前一环节告知并收件", "Receive on the previous authority's notice"),
    CaseAct.ACCEPT_ON_NOTICE: Words("收到前一环节告知并受理", "Accept on the previous authority's notice"),
    CaseAct.CORRECT: Words("一次性告知补正", "Send the one correction notice"),
    CaseAct.ANSWER_CORRECTION: Words("提交补正", "Answer the correction"),
    CaseAct.DEEM_WITHDRAWN: Words("逾期视为撤回", "Deem withdrawn"),
    CaseAct.ACCEPT: Words("受理", "Accept"),
    CaseAct.ACCEPT_DEFICIENT: Words("容缺受理", "Accept with deferred materials"),
    CaseAct.DEEM_ACCEPTED: Words("逾期未告知视为受理", "Deem accepted"),
    CaseAct.REFUSE_TO_ACCEPT: Words("不予受理", "Refuse to accept"),
    CaseAct.CURE_DEFICIENCY: Words("补齐容缺材料", "Supply the deferred materials"),
    CaseAct.REVOKE_ACCEPTANCE: Words("撤销受理", "Revoke the acceptance"),
    CaseAct.BEGIN_REVIEW: Words("开始审查", "Begin the review"),
    CaseAct.START_SPECIAL_PROCEDURE: Words("启动特别程序", "Start a special procedure"),
    CaseAct.END_SPECIAL_PROCEDURE: Words("结束特别程序", "End the special procedure"),
    CaseAct.SUSPEND: Words("挂起", "Suspend"),
    CaseAct.RESUME: Words("恢复办理", "Resume"),
    CaseAct.EXTEND: Words("延长期限", "Extend the time"),
    CaseAct.TRANSFER: Words("转办", "Transfer"),
    CaseAct.GRANT: Words("准予", "Grant"),
    CaseAct.REFUSE: Words("不予许可", "Refuse"),
    CaseAct.GRANT_ON_COMMITMENT: Words("告知承诺准予", "Grant on commitment"),
    CaseAct.DEEM_RENEWED: Words("视为准予延续", "Deem renewed"),
    CaseAct.ISSUE: Words("出证", "Issue"),
    CaseAct.DELIVER: Words("送达", "Deliver"),
    CaseAct.PASS_CHECK: Words("核查通过", "Pass the check"),
    CaseAct.ORDER_RECTIFICATION: Words("责令限期整改", "Order rectification"),
    CaseAct.REVOKE_LICENCE: Words("撤销许可", "Revoke the licence"),
    CaseAct.CLOSE: Words("办结归档", "Close"),
    CaseAct.WITHDRAW: Words("撤回申请", "Withdraw"),
    CaseAct.RETURN: Words("退件", "Return"),
}
