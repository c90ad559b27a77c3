"""Draws the yearly report to the standing committee on A4 pages."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO

from django.utils import timezone
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from yici.apps.accountability.congress_report import CongressReport, YearLine
from yici.apps.licences.pdf import BLUE, INK, QUIET, draw_demo_mark, font, legible, wrapped
from yici.apps.referrals.views import ReferralLine
from yici.rules.measures import MEASURES, Unit
from yici.rules.words import Words

WIDTH, HEIGHT = A4
LEFT, RIGHT, BOTTOM = 20 * mm, WIDTH - 20 * mm, 24 * mm
RULE, BAND = "#d5dbe1", "#f1f4f7"
HIDDEN, NOTHING_COUNTED = "数量过少，不公布", "无数据 none"
_SOURCES = {
    "scorecard": Words("来源：考评月度统计", "Source: monthly tallies of the scorecards"),
    "tickets": Words("来源：12345热线工单", "Source: tickets of hotline 12345"),
    "register": Words("来源：移送台账", "Source: register of referrals"),
    "ledger": Words("来源：变更台账", "Source: public ledger of changes"),
}


class _Pages:
    """A canvas with the place where the next line goes; pages are numbered as they end."""

    def __init__(self, canvas: Canvas, report: CongressReport, *, demo: bool) -> None:
        self.canvas, self.report, self.demo, self.number = canvas, report, demo, 0
        self.y = 0.0
        self._begin()

    def _begin(self) -> None:
        self.number += 1
        if self.demo:
            draw_demo_mark(self.canvas)
        self.y = HEIGHT - 26 * mm

    def end(self) -> None:
        """Write the foot of the page and turn it."""
        self.canvas.setFont(font(), 8)
        self.canvas.setFillColor(QUIET)
        self.canvas.drawString(LEFT, 14 * mm, f"{self.report.region.zh} {self.report.year} · 一次 Yici")
        self.canvas.drawRightString(RIGHT, 14 * mm, f"{self.number}")
        self.canvas.showPage()

    def room(self, height: float) -> None:
        """Turn the page when less than ``height`` points are left."""
        if self.y - height < BOTTOM:
            self.end()
            self._begin()

    def say(self, text: str, size: float = 10, colour: str = INK, gap: float = 0) -> None:
        """Write a text on as many lines as it takes."""
        for line in wrapped(legible(text), size, RIGHT - LEFT):
            self.room(size * 1.6)
            self.canvas.setFont(font(), size)
            self.canvas.setFillColor(colour)
            self.canvas.drawString(LEFT, self.y, line)
            self.y -= size * 1.6
        self.y -= gap

    def head(self, words: Words, more: float = 30 * mm) -> None:
        """Begin a section; it does not stand alone at the foot of a page."""
        self.room(more)
        self.y -= 4 * mm
        self.say(words.zh, 14, BLUE)
        self.say(words.en, 8.5, QUIET, gap=1 * mm)

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]], edges: Sequence[float]) -> None:
        """Write a table; its head stands again on each page it goes on to."""
        self.row(head, edges, head=True)
        for cells in rows:
            page = self.number
            self.room(3 * 9.5 * 1.4)
            if self.number > page:
                self.row(head, edges, head=True)
            self.row(cells, edges)

    def row(self, cells: Sequence[str], edges: Sequence[float], *, head: bool = False) -> None:
        """Write one row of a table: the first column to the left, each other ends at its edge."""
        size = 8.5 if head else 9.5
        wide = edges[0] - LEFT - 2 * mm
        lines = wrapped(legible(cells[0]), size, wide)[:3]
        height = (len(lines) * 1.4 + 0.8) * size
        self.room(height)
        if head:
            self.canvas.setFillColor(BAND)
            self.canvas.rect(LEFT, self.y - height + size * 1.1, RIGHT - LEFT, height, stroke=0, fill=1)
        self.canvas.setFillColor(QUIET if head else INK)
        self.canvas.setFont(font(), size)
        for number, line in enumerate(lines):
            self.canvas.drawString(LEFT + 1 * mm, self.y - number * size * 1.4, line)
        for cell, edge in zip(cells[1:], edges[1:], strict=True):
            self.canvas.drawRightString(edge - 1 * mm, self.y, legible(cell))
        self.y -= height
        if not head:
            self.canvas.setStrokeColor(RULE)
            self.canvas.line(LEFT, self.y + size * 1.05, RIGHT, self.y + size * 1.05)


def draw(report: CongressReport, *, demo: bool) -> bytes:
    """Return the report as a PDF."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, initialFontName=font(), invariant=1, pageCompression=1, lang="zh-Hans")
    canvas.setTitle(f"{report.region.zh}{report.year}年度向人大常委会的报告")
    canvas.setAuthor(report.region.zh)
    canvas.setSubject("Yearly report to the standing committee of the people's congress")
    pages = _Pages(canvas, report, demo=demo)
    _head(pages, report, demo=demo)
    _measures(pages, report, Words("一、12345热线", "1 Hotline 12345"), report.hotline)
    _measures(pages, report, Words("二、跑次承诺和办理时限", "2 Promised visits and time limits"), report.visits)
    _months(pages, report)
    _changes(pages, report)
    _referrals(pages, report)
    _topics(pages, report)
    _foot(pages, report)
    pages.end()
    canvas.save()
    return out.getvalue()


def _head(pages: _Pages, report: CongressReport, *, demo: bool) -> None:
    pages.say(f"{report.region.zh}{report.year}年群众诉求与“最多跑一次”工作情况", 18)
    pages.say("向人民代表大会常务委员会的年度报告", 12, gap=1 * mm)
    pages.say(
        f"Yearly report to the standing committee: people's voices and at-most-once services, {report.region.en}, "
        f"{report.year}",
        9,
        QUIET,
        gap=2 * mm,
    )
    span = f"{report.first} 至 {report.last}"
    pages.say(f"统计期间 {span}；编制时间 {_moment(report.made_at)}；统计截至 {_moment(report.counted_at)}。", 9.5)
    pages.say(f"不足{report.fewest}件的数据不公布。 Figures of fewer than {report.fewest} things are hidden.", 9, QUIET)
    if demo:
        pages.say(
            "演示：2018年1月至6月的考评合计数为虚构。 Demonstration: those sums are invented.",
            9,
            "#8f5200",
        )


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "—"


def _value(measure: str, value: float | None) -> str:
    if value is None:
        return HIDDEN
    return f"{value:.1f}" if MEASURES[measure].unit is Unit.PER_TEN_THOUSAND else f"{100 * value:.1f}%"


_WIDE = (LEFT + 84 * mm, LEFT + 114 * mm, LEFT + 142 * mm, RIGHT)


def _measures(pages: _Pages, report: CongressReport, title: Words, rows: Sequence[YearLine]) -> None:
    pages.head(title)
    if rows is report.hotline:
        said = HIDDEN if report.tickets is None else f"{report.tickets:,}件"
        pages.say(f"登记诉求 Tickets registered：{said}", 11)
        _source(pages, "tickets", report.made_at)
    pages.table(("指标 Measure", "全年 Year", "达标 Good", "总数 Of"), map(_cells, rows), _WIDE)
    _source(pages, "scorecard", report.counted_at)


def _cells(one: YearLine) -> tuple[str, ...]:
    counts = ("—", "—")
    if one.figure.value is not None:
        counts = (f"{one.figure.tally.good:,}", f"{one.figure.tally.of:,}")
    value = _value(one.measure, one.figure.value) if one.figure.tally.of else NOTHING_COUNTED
    return (f"{one.words.zh}  {one.words.en}", value, *counts)


def _source(pages: _Pages, key: str, at: datetime | None) -> None:
    words = _SOURCES[key]
    pages.say(f"{words.zh}，截至 {_moment(at)}。 {words.en}.", 8, QUIET, gap=1.5 * mm)


_SHOWN = ("tickets_answered", "tickets_satisfied", "visits_kept", "zero_visit")


def _months(pages: _Pages, report: CongressReport) -> None:
    pages.head(Words("三、逐月情况", "3 Month by month"), 60 * mm)
    lines = [one for one in (*report.hotline, *report.visits) if one.measure in _SHOWN]
    step = (RIGHT - LEFT - 26 * mm) / len(lines)
    edges = [LEFT + 26 * mm + step * number for number in range(len(lines) + 1)]
    begun = [number for number in range(12) if date(report.year, number + 1, 1) <= report.last]
    rows = [(f"{report.year}-{number + 1:02d}", *(_short(one, number) for one in lines)) for number in begun]
    pages.table(("月份 Month", *(one.words.zh for one in lines)), rows, edges)
    _source(pages, "scorecard", report.counted_at)


def _short(line: YearLine, number: int) -> str:
    value = line.months[number].value
    return "—" if value is None else _value(line.measure, value)


def _changes(pages: _Pages, report: CongressReport) -> None:
    pages.head(Words("四、已修改的事项", "4 Services that were changed"))
    pages.say(f"全年施行修订 Revisions that came into force：{len(report.changes)}项", 11)
    if report.changes:
        rows = [
            (f"{one.name.zh}  {one.name.en}", str(one.in_force_on), f"{one.gains}", f"{one.losses}")
            for one in report.changes
        ]
        pages.table(("事项 Service", "施行 In force", "受益方面 Gains", "受损方面 Losses"), rows, _WIDE)
    _source(pages, "ledger", report.made_at)


def _referrals(pages: _Pages, report: CongressReport) -> None:
    found = report.referrals
    pages.head(Words("五、移送与答复", "5 Referrals and their answers"))
    if not found.sent:
        pages.say("本年没有移送。 Nothing was referred in this year.", 10)
        _source(pages, "register", report.made_at)
        return
    kinds = "，".join(f"{words.zh}{number}件" for words, number in found.kinds)
    pages.say(f"移送 Referred：{found.sent}件（{kinds}）", 11)
    pages.say(f"已答复 Answered：{found.answered}件，其中按期 in time：{found.in_time}件", 10)
    pages.say(f"待答复 Waiting：{found.waiting}件，其中逾期 late：{found.late_now}件", 10)
    pages.say(f"已落实 Followed through：{found.followed}件，告知诉求人 people told：{found.told}人", 10)
    _source(pages, "register", report.made_at)
    if found.unanswered:
        pages.head(Words("逾期未答复", "Not answered in time"), 24 * mm)
        edges = (RIGHT - 52 * mm, RIGHT - 26 * mm, RIGHT)
        rows = [(_named(one), str(one.begun_on), str(one.due_on)) for one in found.unanswered]
        pages.table(("编号、题目、对象 Docket, title, addressee", "送出 Sent", "期限 Due"), rows, edges)


def _named(one: ReferralLine) -> str:
    return f"{one.docket or '未登记'} {one.title.zh} → {one.to.zh}"


def _topics(pages: _Pages, report: CongressReport) -> None:
    if not report.topics:
        return
    pages.head(Words("六、反映集中的问题", "6 What many people raised"))
    edges = (RIGHT - 30 * mm, RIGHT)
    rows = [(f"{one.name.zh}  {one.name.en}", f"{one.voices:,}") for one in report.topics]
    pages.table(("问题 Topic", "人数 People"), rows, edges)
    _source(pages, "tickets", report.made_at)


def _foot(pages: _Pages, report: CongressReport) -> None:
    pages.room(30 * mm)
    pages.y -= 4 * mm
    pages.say("指标说明 What is counted", 10, BLUE)
    for one in (*report.hotline, *report.visits):
        pages.say(f"{one.words.zh}：{one.meaning.zh}", 8, QUIET)
    pages.say(
        "参照：济南市12345市民服务热线条例第九条；监督法第十二条。 After: Jinan Hotline Regulation art. 9; "
        "Supervision Law art. 12.",
        8,
        QUIET,
    )
