"""How long each kind of record is kept, in a sentence for the person it is about."""

from yici.rules.words import Words

# Every table names one of these. Archive periods: 机关档案管理规定 (2018) art. 33 and the electronic filing rules
# DB33/T 2036.3; logs at least six months: 网络安全法 art. 21.
RETENTION: dict[str, Words] = {
    "permanent": Words("永久保存，不可更改。", "Kept for ever and never changed."),
    "reference": Words("作为公开的基础资料长期保存。", "Public reference data, kept as long as it is in force."),
    "post": Words("任职期间及离任后10年。", "While the person holds the post and 10 years after."),
    "party": Words(
        "有在办事项或有效证照期间，以及此后10年。", "While a case is open or a licence is valid, and 10 years after."
    ),
    "account": Words("账号注销后30天删除。", "Deleted 30 days after the account is closed."),
    "mandate+10y": Words("授权终止后10年。", "10 years after the mandate ends."),
    "source": Words(
        "按数据提供部门的期限；撤回后即删除。",
        "As long as the owner of the data keeps it; deleted when it is withdrawn.",
    ),
    "until replaced": Words("被新内容替换时删除。", "Deleted when newer content replaces it."),
    "draft+6m": Words("最后一次保存后6个月删除。", "Deleted six months after it was last saved."),
    "case+10y": Words("办结后10年。", "10 years after the case is closed."),
}
