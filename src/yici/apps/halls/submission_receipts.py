"""Draws the receipt of an application (受理回执) on one page, from the application as it stands now."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from django.conf import settings
from django.utils import timezone
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from yici.apps.cases.queries import ApplicationView
from yici.apps.licences import pdf
from yici.apps.licences.keys import seal_folder, the_seal
from yici.apps.licences.qr import masked
from yici.apps.licences.signing import sign

WIDTH, HEIGHT = A4
LEFT, RIGHT = 24 * mm, WIDTH - 24 * mm
LINE = 8 * mm
FIRST, LAST = HEIGHT - 78 * mm, 74 * mm


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: an item, who does it, where it stands."""

    name: str
    organisation: str
    state: str


def receipt_pdf(application: ApplicationView, applicant: str) -> bytes:
    """Return the receipt: reference, items with their departments, the promise, and where to follow it.

    The name is masked: a receipt is easily left lying. Items beyond what one page holds follow on the next.
    """
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, initialFontName=pdf.font(), invariant=1, pageCompression=1, lang="zh-Hans")
    canvas.setTitle(f"受理回执 {application.reference}")
    canvas.setAuthor(application.region_name.zh)
    rows = [Row(case.name.zh, case.organisation.zh, case.state_words.zh) for case in application.cases]
    most = int((FIRST - LAST) / LINE)
    for start in range(0, max(1, len(rows)), most):
        _page(canvas, application, applicant, rows[start : start + most])
        canvas.showPage()
    canvas.save()
    # 行政许可法第三十二条: the receipt is written, dated and sealed.
    return sign(out.getvalue(), the_seal(seal_folder(settings.DATA_DIR)), reason="受理回执")


def _page(canvas: Canvas, application: ApplicationView, applicant: str, rows: list[Row]) -> None:
    if settings.DEMO:
        pdf.draw_demo_mark(canvas)
    _head(canvas, application, applicant)
    y = FIRST
    for row in rows:
        y = _row(canvas, row, y)
    _foot(canvas, application)


def _text(canvas: Canvas, text: str, y: float, size: float, colour: str = pdf.INK, *, x: float = LEFT) -> None:
    canvas.setFont(pdf.font(), size)
    canvas.setFillColor(colour)
    canvas.drawString(x, y, pdf.legible(text))


def _head(canvas: Canvas, application: ApplicationView, applicant: str) -> None:
    _text(canvas, "受理回执", HEIGHT - 32 * mm, 24)
    _text(canvas, "Receipt of application", HEIGHT - 40 * mm, 11, pdf.QUIET)
    _text(canvas, application.event_name.zh, HEIGHT - 52 * mm, 15)
    _text(canvas, f"编号 No. {application.reference}", HEIGHT - 60 * mm, 12)
    submitted = _moment(application.submitted_at)
    who = f"申请人 {masked(applicant)} · {application.region_name.zh} · {submitted}"
    _text(canvas, who, HEIGHT - 67 * mm, 11, pdf.QUIET)


def _moment(value: datetime) -> str:
    local = timezone.localtime(value)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def _row(canvas: Canvas, row: Row, y: float) -> float:
    _text(canvas, row.name[:22], y, 12)
    _text(canvas, row.organisation[:16], y, 10, pdf.QUIET, x=LEFT + 88 * mm)
    canvas.setFont(pdf.font(), 10)
    canvas.setFillColor(pdf.INK)
    canvas.drawRightString(RIGHT, y, pdf.legible(row.state[:12]))
    canvas.setStrokeColor("#d5dbe1")
    canvas.setLineWidth(0.5)
    canvas.line(LEFT, y - 2.5 * mm, RIGHT, y - 2.5 * mm)
    return float(y - LINE)


def _foot(canvas: Canvas, application: ApplicationView) -> None:
    visits, days = application.promised_visits, application.promised_days
    promise = f"跑 {visits} 次，承诺 {days} 个工作日办结" if days else f"跑 {visits} 次，承诺当场办结"
    english = f"Visits {visits}; promised working days {days}"
    _text(canvas, promise, 62 * mm, 14)
    _text(canvas, english, 55 * mm, 10, pdf.QUIET)
    _text(canvas, "扫码查看进度；也可拨打 12345 报编号查询。", 45 * mm, 10, pdf.QUIET)
    _text(canvas, "Scan to follow it, or call 12345 with the number.", 39 * mm, 10, pdf.QUIET)
    address = f"{settings.SITE_ADDRESS}/applications/{application.public_id}"
    pdf.draw_code(canvas, address, RIGHT - 36 * mm, 32 * mm, 36 * mm)
