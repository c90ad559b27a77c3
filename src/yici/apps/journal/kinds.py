"""Every kind of line the journal may hold, with the sentence people read; one list for the whole house."""

from yici.rules.words import Words

# Sorted by domain, from the lowest floor of the house to the highest, then by kind.
KINDS: dict[str, Words] = {
    # places
    "places.calendar_loaded": Words("工作日历已更新", "The calendar of working days was updated"),
    "places.divisions_loaded": Words("行政区划已更新", "The regions were updated"),
    "places.organisations_founded": Words("机构、大厅和窗口已登记", "Organisations, halls and windows were registered"),
    # people
    "people.account_opened": Words("账号已开通", "An account was opened"),
    "people.assurance_raised": Words("账号认证等级已变更", "The assurance level of an account was changed"),
    "people.mandate_given": Words("企业授权已登记", "A mandate was given"),
    "people.mandate_ended": Words("企业授权已终止", "A mandate was ended"),
    "people.party_looked_up": Words("窗口核对了服务对象身份", "A clerk looked a person up by document number"),
    "people.party_recorded": Words("服务对象已登记", "A person or company was recorded"),
    "people.related": Words("亲属关系已登记", "A relation between two persons was recorded"),
    "people.staff_appointed": Words("工作人员已登记", "A member of staff was appointed"),
    # catalogue
    "catalogue.exchange_imported": Words("导入了全国交换目录", "A national exchange table was imported"),
    "catalogue.implemented": Words("事项已分配到实施机构", "Items were given to the organisations that carry them out"),
    "catalogue.imported": Words("事项目录已更新", "The catalogue was updated"),
    # registry
    "registry.datasets_loaded": Words("数据资源目录已更新", "The list of datasets was updated"),
    "registry.looked_up": Words("查询了共享数据", "Shared data were looked up"),
    "registry.recorded": Words("数据已登记", "Data were recorded"),
    "registry.reported_wrong": Words("本人提出数据有误", "The person said that a datum is wrong"),
    # planning
    "draft.claimed": Words("草稿归入本人账号", "A draft was claimed by its person"),
    "draft.discarded": Words("草稿已删除", "A draft was deleted"),
    "draft.started": Words("开始一份草稿", "A draft was started"),
    # licences
    "licence.issued": Words("证照已颁发", "A licence was issued"),
    "licence.revoked": Words("证照已撤销", "A licence was revoked"),
    # cases
    "application.message": Words("申请人留言", "The applicant wrote a message"),
    "application.submitted": Words("申请已提交", "An application was submitted"),
    "case.acted": Words("办件有新的处理", "Something was done to a case"),
    "case.deadline_broken": Words("时限已过", "A time limit was broken"),
    "case.message": Words("工作人员留言", "Staff wrote a message"),
    "case.original_shown": Words("已出示原件", "An original was shown"),
    "case.paper_waived": Words("免交材料，已记录其他证明", "A paper was waived on other proof"),
    "case.put_back": Words("环节退回待领取", "A step was put back for a colleague"),
    "case.step_finished": Words("环节已办结", "A step was finished"),
    "hall.answered": Words("窗口已答复", "The window answered a need"),
    "hall.asked": Words("需求交给窗口", "A need was given to the window"),
    "hall.opened": Words("窗口已立件", "The window opened cases for a need"),
    "hall.taken": Words("窗口已受理需求", "A clerk took a need"),
    "paper.added": Words("上传了材料", "A paper was uploaded"),
}
