"""Draws a licence on one A4 page with an embedded Chinese font."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from math import cos, pi, sin

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
INK, QUIET, BLUE, SEAL_RED = "#1a1d21", "#535c65", "#14559e", "#b3261e"


@dataclass(frozen=True, slots=True)
class LicencePage:
    """Everything that stands on the page."""

    title: str
    title_en: str
    number: str
    identifier: str
    holder: str
    rows: tuple[tuple[str, str], ...]  # label in both languages, value
    issuer: str
    issued_on: date
    valid_until: date | None
    code: str  # text of the QR code
    demo: bool
    made_at: datetime


@cache
def font() -> str:
    """Register the embedded font once in a process and return its name."""
    path = files("yici.apps.licences") / "fonts" / "wqy-microhei.ttc"
    pdfmetrics.registerFont(TTFont("MicroHei", str(path), subfontIndex=0))
    return "MicroHei"


def legible(text: str) -> str:
    """Return the text with characters the font lacks written by their code point, so that no name is a blank box.

    >>> legible("张三")
    '张三'
    """
    known = pdfmetrics.getFont(font()).face.charToGlyph
    return "".join(char if ord(char) in known else f"〔U+{ord(char):04X}〕" for char in text)


def draw(page: LicencePage) -> bytes:
    """Return the page as a PDF (before it is signed)."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, initialFontName=font(), invariant=1, pageCompression=1, lang="zh-Hans")
    canvas.setTitle(f"{page.title} {page.number}")
    canvas.setAuthor(page.issuer)
    canvas.setSubject(page.identifier)
    _frame(canvas, page)
    _head(canvas, page)
    bottom = _rows(canvas, page)
    _foot(canvas, page, min(bottom, 92 * mm))
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _frame(canvas: Canvas, page: LicencePage) -> None:
    canvas.setStrokeColor(BLUE)
    canvas.setLineWidth(1.4)
    canvas.rect(14 * mm, 14 * mm, WIDTH - 28 * mm, HEIGHT - 28 * mm)
    canvas.setLineWidth(0.4)
    canvas.rect(16 * mm, 16 * mm, WIDTH - 32 * mm, HEIGHT - 32 * mm)
    if page.demo:
        draw_demo_mark(canvas)


def draw_demo_mark(canvas: Canvas) -> None:
    """Write across the page that it is a demonstration without legal effect."""
    canvas.saveState()
    canvas.setFillColor("#eef1f4")
    canvas.setFont(font(), 54)
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(38)
    canvas.drawCentredString(0, 0, "演示样本 · 无法律效力")
    canvas.restoreState()


def _head(canvas: Canvas, page: LicencePage) -> None:
    canvas.setFillColor(INK)
    _centred(canvas, page.title, HEIGHT - 52 * mm, 30)
    canvas.setFillColor(QUIET)
    _centred(canvas, page.title_en, HEIGHT - 61 * mm, 11)
    _centred(canvas, f"编号 No. {page.number}", HEIGHT - 70 * mm, 11)


def _centred(canvas: Canvas, text: str, y: float, size: float) -> None:
    canvas.setFont(font(), size)
    canvas.drawCentredString(WIDTH / 2, y, legible(text))


def _rows(canvas: Canvas, page: LicencePage) -> float:
    y = HEIGHT - 90 * mm
    for label, value in (("持证人 Holder", page.holder), *page.rows):
        canvas.setFont(font(), 10)
        canvas.setFillColor(QUIET)
        canvas.drawString(30 * mm, y, legible(label))
        canvas.setFillColor(INK)
        for line in wrapped(legible(value) or "—", 13, WIDTH - 110 * mm):
            canvas.setFont(font(), 13)
            canvas.drawString(82 * mm, y, line)
            y -= 7 * mm
        canvas.setStrokeColor("#d5dbe1")
        canvas.setLineWidth(0.5)
        canvas.line(30 * mm, y + 3 * mm, WIDTH - 30 * mm, y + 3 * mm)
        y -= 4 * mm
    return float(y)


def wrapped(text: str, size: float, width: float) -> list[str]:
    """Return a text as at most six lines of this width in points."""
    lines, line = [], ""
    for char in text:
        if pdfmetrics.stringWidth(line + char, font(), size) > width:
            lines.append(line)
            line = char
        else:
            line += char
    return [*lines, line][:6]


def _foot(canvas: Canvas, page: LicencePage, y: float) -> None:
    draw_code(canvas, page.code, 30 * mm, 34 * mm, 38 * mm)
    canvas.setFillColor(QUIET)
    canvas.setFont(font(), 8)
    canvas.drawString(30 * mm, 29 * mm, "扫码核验（可离线） Scan to verify, online or offline")
    canvas.drawString(30 * mm, 24 * mm, f"证照标识 Identifier {page.identifier}")
    canvas.setFillColor(INK)
    canvas.setFont(font(), 13)
    right = WIDTH - 34 * mm
    canvas.drawRightString(right, 62 * mm, legible(page.issuer))
    canvas.drawRightString(right, 53 * mm, f"{page.issued_on.year}年{page.issued_on.month}月{page.issued_on.day}日")
    until = page.valid_until
    term = f"有效期至 Valid until {until.isoformat()}" if until else "长期有效 No expiry"
    canvas.setFont(font(), 10)
    canvas.drawRightString(right, 45 * mm, term)
    draw_seal(canvas, legible(page.issuer), right - 22 * mm, 60 * mm)


def draw_code(canvas: Canvas, text: str, x: float, y: float, size: float) -> None:
    """Draw a QR code with its lower left corner at (x, y)."""
    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=2)]
    module = size / len(rows)
    canvas.setFillColor(INK)
    path = canvas.beginPath()
    for line, row in enumerate(rows):
        for column, dark in enumerate(row):
            if dark:
                path.rect(x + column * module, y + size - (line + 1) * module, module, module)
    canvas.drawPath(path, stroke=0, fill=1)


def draw_seal(canvas: Canvas, name: str, x: float, y: float, radius: float = 19 * mm) -> None:
    """Draw the round seal of the issuing organisation: its name around a star (the signature is what counts)."""
    canvas.saveState()
    canvas.setStrokeColor(SEAL_RED)
    canvas.setFillColor(SEAL_RED)
    canvas.setStrokeAlpha(0.85)
    canvas.setFillAlpha(0.85)
    canvas.setLineWidth(1.6)
    canvas.circle(x, y, radius)
    star = canvas.beginPath()
    for point in range(10):
        reach = 5.5 * mm if point % 2 == 0 else 2.1 * mm
        angle = pi / 2 + point * pi / 5
        (star.lineTo if point else star.moveTo)(x + reach * cos(angle), y + reach * sin(angle))
    star.close()
    canvas.drawPath(star, stroke=0, fill=1)
    _around(canvas, name[:24], x, y, radius - 5 * mm)
    canvas.restoreState()


def _around(canvas: Canvas, text: str, x: float, y: float, radius: float) -> None:
    canvas.setFont(font(), 9)
    spread = min(1.6 * pi, len(text) * 0.3)
    for index, char in enumerate(text):
        angle = pi / 2 + spread / 2 - (spread * index / max(1, len(text) - 1))
        canvas.saveState()
        canvas.translate(x + radius * cos(angle), y + radius * sin(angle))
        canvas.rotate(angle * 180 / pi - 90)
        canvas.drawCentredString(0, -3, char)
        canvas.restoreState()
