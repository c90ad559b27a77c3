"""The choices of the form in words; their keys are those of the published schema."""

from yici.channels.bench.forms.shapes import Choices
from yici.rules.levels import Level
from yici.rules.words import Words

LEVELS_OF_LAW: Choices = tuple((one.value, one.words) for one in Level)
TYPES: Choices = (
    ("01", Words("行政许可", "Licence")),
    ("05", Words("行政给付", "Payment")),
    ("07", Words("行政确认", "Confirmation")),
    ("08", Words("行政奖励", "Award")),
    ("09", Words("行政裁决", "Adjudication")),
    ("10", Words("其他行政权力", "Other power")),
    ("20", Words("公共服务", "Public service")),
)
POWER_LEVELS: Choices = (
    ("2", Words("省级", "Province")),
    ("3", Words("市级", "City")),
    ("4", Words("县级", "County")),
    ("5", Words("乡镇（街道）级", "Township")),
    ("7", Words("其他", "Other")),
)
SCOPES: Choices = (
    ("nation", Words("全国", "Nation")),
    ("province", Words("全省", "Province")),
    ("city", Words("全市", "City")),
    ("county", Words("全县", "County")),
    ("township", Words("乡镇", "Township")),
)
AUDIENCES: Choices = (("natural", Words("自然人", "Natural persons")), ("legal", Words("法人", "Legal persons")))
CHANNELS: Choices = (
    ("web", Words("网上", "Web")),
    ("mobile", Words("手机", "Mobile phone")),
    ("window", Words("窗口", "Window")),
    ("kiosk", Words("自助终端", "Kiosk")),
    ("post", Words("邮寄", "Post")),
)
DELIVERIES: Choices = (
    ("electronic", Words("电子送达", "Electronic")),
    ("post", Words("邮寄", "Post")),
    ("kiosk", Words("自助终端", "Kiosk")),
    ("window", Words("窗口", "Window")),
)
POWER_SOURCES: Choices = tuple(
    (str(number), Words(zh, en))
    for number, (zh, en) in enumerate(
        (
            ("法定本级行使", "By law, own level"),
            ("上级下放", "Handed down"),
            ("上级授权", "Authorised"),
            ("同级授权", "Authorised, same level"),
            ("上级委托", "Entrusted"),
            ("同级委托", "Entrusted, same level"),
        ),
        start=1,
    )
)
ACCEPTANCES: Choices = (
    ("", Words("按部门安排", "As arranged")),
    ("one_window", Words("综合窗口", "The one window")),
    ("department", Words("部门", "The department")),
)
DEPTHS: Choices = tuple((one, Words(one, one)) for one in ("I", "II", "III", "IV"))
RESULT_TYPES: Choices = (
    ("", Words("未填", "Not given")),
    ("出证办结", Words("出证办结", "A certificate")),
    ("出文办结", Words("出文办结", "A document")),
    ("审批办结", Words("审批办结", "A decision")),
)
NECESSITIES: Choices = (
    ("necessary", Words("必要", "Necessary")),
    ("deferrable", Words("容缺后补", "May follow later")),
    ("promisable", Words("告知承诺即可", "A commitment is enough")),
    ("optional", Words("非必要", "Optional")),
)
WAYS: Choices = (
    ("data", Words("共享数据", "Shared data")),
    ("licence", Words("电子证照", "Electronic licence")),
    ("result_of", Words("另一事项的结果", "Result of another item")),
    ("form", Words("表单填写", "Field of the form")),
    ("declaration", Words("声明", "Declaration")),
    ("commitment", Words("告知承诺", "Commitment")),
    ("upload", Words("上传复印件或照片", "Copy or photograph")),
    ("original", Words("核验原件", "The original")),
)
STAGES: Choices = (
    ("apply", Words("申请时", "When applying")),
    ("review", Words("审查中", "During the review")),
    ("collect", Words("领取时", "When collecting")),
)
PLACES: Choices = (
    ("window", Words("综合窗口", "Integrated window")),
    ("kiosk", Words("自助终端", "Kiosk")),
    ("police_station", Words("派出所", "Police station")),
    ("tax_hall", Words("办税服务厅", "Tax hall")),
    ("hospital", Words("医院", "Hospital")),
    ("notary", Words("公证处", "Notary office")),
    ("vehicle_station", Words("车辆管理所", "Vehicle station")),
    ("bank", Words("银行", "Bank")),
    ("video", Words("视频", "Video")),
    ("home", Words("上门", "At home")),
    ("site", Words("现场", "On site")),
)
WAIVERS: Choices = (
    ("", Words("不能免", "Never waived")),
    ("registered", Words("注册账号", "A registered account")),
    ("real_name", Words("实名账号", "A verified account")),
    ("signed", Words("可电子签名的账号", "An account that can sign")),
)
ELEMENT_KINDS: Choices = (
    ("bool", Words("是或否", "Yes or no")),
    ("enum", Words("多选一", "One of several")),
    ("int", Words("整数", "Whole number")),
    ("fen", Words("金额", "Amount of money")),
    ("date", Words("日期", "Date")),
    ("text", Words("文字", "Text")),
    ("name", Words("姓名或名称", "Name")),
    ("id_number", Words("身份证号", "Identity number")),
    ("uscc", Words("统一社会信用代码", "Credit code")),
    ("phone", Words("电话", "Telephone")),
    ("region", Words("区划", "Region")),
    ("address", Words("地址", "Address")),
    ("bank_account", Words("银行账号", "Bank account")),
)
UNITS: Choices = (
    ("W", Words("个工作日", "working days")),
    ("D", Words("日", "days")),
    ("M", Words("个月", "months")),
    ("Y", Words("年", "years")),
    ("H", Words("小时", "hours")),
)
