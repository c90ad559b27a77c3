"""The words of everyday questions: which mean the same, and which only surround the need."""

_GROUPS = """
孩子 小孩子 小宝宝 宝宝 小孩 娃娃 小朋友 婴儿 儿子 女儿 娃
饭店 小吃店 饮食店 餐饮店 小餐馆 快餐店 面馆 餐馆 饭馆 餐厅 早餐店
公司 企业
注销 销掉 取消
补办 补领 丢了 遗失 丢失 掉了 不见了 弄丢
去世 死亡 过世 离世 走了 死了 身故
老人 老年人 老人家 长辈
结婚 领证 成亲
户口 户籍
买卖 交易
二手房 存量房 旧房
医保 医疗保险
社保 社会保险
公积金 住房公积金
营业执照 工商执照
驾驶证 驾照 驾证
残疾 残障
失业 没工作 下岗 丢了工作
补贴 补助 津贴
入学 上学 报名读书 读小学
"""
# The first word of each line stands for the others, in what is searched and in what people type.
SYNONYMS = tuple(tuple(line.split()) for line in _GROUPS.strip().splitlines())

_AROUND = """
请问 你好 您好 我想要 我想 我要 我们 我家 我的 想要 想 怎么样 怎么办 怎么 怎样 如何 哪里 哪儿 在哪 什么 哪些
需要 材料 手续 流程 办理 申办 申请 咨询 一下 可以 能不能 能 应该 准备 打算 帮我 麻烦 多久 多少钱 刚刚 刚
一个 一家 一本 一张 个 了 的 吗 呢 啊 吧 要 去 给 办 我 家里 家 开始 有
"""
# Dropped when the question as it stands finds nothing good.
CHATTER = tuple(_AROUND.split())
ENGLISH_CHATTER = frozenset(
    ["a", "an", "the", "i", "my", "we", "to", "for", "of", "in", "how", "do", "want", "need", "get", "apply", "and"]
)

_IN_ENGLISH = """
生孩子 baby birth newborn pregnant maternity
结婚 wedding marry bride fiancee
离婚 divorce divorced
上学 kindergarten pupil enrolling
去世 funeral died dead deceased burial
残疾 disabled wheelchair handicapped
失业 unemployed jobless unemployment
老年人 elderly
退役 army soldier veteran discharged
买二手房 apartment flat
公积金贷款 mortgage loan
身份证 identity
开公司 startup incorporate founding
注销公司 close liquidate dissolve winding
开饭店 cafe bakery canteen diner eatery
开便利店 shop grocery supermarket
开药店 chemist drugstore
开民宿 hotel hostel homestay inn
招工 recruit recruiting staff
装电表 electricity meter broadband internet
"""
# English words that stand in no name of ours, and what the same need is called in Chinese: it is searched for as well.
IN_ENGLISH = {word: line.split()[0] for line in _IN_ENGLISH.strip().splitlines() for word in line.split()[1:]}
