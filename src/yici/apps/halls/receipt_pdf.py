"""Draws the receipt on A4 pages: one block for each item with the seal of its department."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from yici.apps.licences.pdf import BLUE, INK, QUIET, draw_seal, font, legible, wrapped

WIDTH, HEIGHT = A4
LEFT, RIGHT = 20 * mm, WIDTH - 20 * mm
FINDINGS = {"fits": "符合 fits", "unfit": "不符合 does not fit", "other_proof": "其他证明 other proof (art. 9)"}


class _Paper:
    """A canvas with the place where the next line goes; a new page when the old one is full."""

    def __init__(self, canvas: Canvas, *, demo: bool) -> None:
        self.canvas, self.demo = canvas, demo
        self.y = self._begin()

    def _begin(self) -> float:
        if self.demo:
            self.canvas.saveState()
            self.canvas.setFillColor("#eef1f4")
            self.canvas.setFont(font(), 54)
            self.canvas.translate(WIDTH / 2, HEIGHT / 2)
            self.canvas.rotate(38)
            self.canvas.drawCentredString(0, 0, "演示样本 · 无法律效力")
            self.canvas.restoreState()
        return float(HEIGHT - 24 * mm)

    def room(self, height: float) -> None:
        """Turn the page when less than ``height`` points are left."""
        if self.y - height < 20 * mm:
            self.canvas.showPage()
            self.y = self._begin()

    def say(self, text: str, size: float = 10.5, colour: str = INK, width: float = RIGHT - LEFT) -> None:
        """Write a text on as many lines as it takes."""
        for line in wrapped(legible(text), size, width):
            self.room(size * 1.6)
            self.canvas.setFont(font(), size)
            self.canvas.setFillColor(colour)
            self.canvas.drawString(LEFT, self.y, line)
            self.y -= size * 1.6

    def rule(self) -> None:
        """Draw a thin line."""
        self.canvas.setStrokeColor("#d5dbe1")
        self.canvas.line(LEFT, self.y + 2 * mm, RIGHT, self.y + 2 * mm)
        self.y -= 3 * mm


def draw(number: str, content: dict[str, Any], *, demo: bool) -> bytes:
    """Return the receipt as a PDF (before it is signed)."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, initialFontName=font(), invariant=1, pageCompression=1, lang="zh-Hans")
    canvas.setTitle(f"受理凭证 {content['reference']}")
    canvas.setAuthor(content["hall"][0])
    canvas.setSubject(number)
    paper = _Paper(canvas, demo=demo)
    _head(paper, content)
    for item in content["items"]:
        _item(paper, item)
    _papers(paper, content)
    _foot(paper, number, content)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _head(paper: _Paper, content: dict[str, Any]) -> None:
    paper.say("受理凭证（一次受理，各部门同时办理）", 18)
    paper.say("Receipt: taken once, for all departments", 10, QUIET)
    paper.say(f"{content['event'][0]}  {content['event'][1]}", 12, BLUE)
    paper.say(f"申请编号 Reference {content['reference']}    日期 Day {content['day']}")
    through = f"（经办 through {content['through']}）" if content["through"] else ""
    paper.say(f"办事人 For {content['subject']}{through}    身份核验 Identified: {' '.join(content['identified'])}")
    paper.say(
        f"承诺 Promised: {content['promised_days']} 个工作日 working days, 跑 {content['promised_visits']} 次 visits"
    )
    paper.rule()


def _item(paper: _Paper, item: dict[str, Any]) -> None:
    paper.room(34 * mm)
    top = paper.y
    narrow = RIGHT - LEFT - 34 * mm
    paper.say(f"{item['name'][0]}  {item['name'][1]}", 12, INK, narrow)
    paper.say(f"办件编号 Case {item['code']}", 9, QUIET, narrow)
    paper.say(f"{item['organisation'][0]}  {item['organisation'][1]}", 10, INK, narrow)
    due = f"，承诺 {item['due']} 前办结 due {item['due']}" if item["due"] else ""
    paper.say(f"{item['state'][0]} {item['state'][1]}{due}", 10, INK, narrow)
    if item["accepted"]:  # the seal of the department that entrusted the acceptance (art. 11)
        draw_seal(paper.canvas, legible(item["organisation"][0]), RIGHT - 15 * mm, top - 9 * mm, 13 * mm)
    paper.y = min(paper.y, top - 26 * mm)
    paper.rule()


def _paper_lines(content: dict[str, Any]) -> Iterator[str]:
    for one in content["papers"]:
        marks = [FINDINGS[one["finding"]]]
        marks += ["核对原件 original seen"] if one["original_seen"] else []
        marks += ["已扫描 scanned"] if one["scanned"] else []
        marks += ["留存 kept" if one["kept"] else "当场退还 given back"]
        reason = f"：{one['reason']}" if one["reason"] else ""
        yield f"· {one['name'][0]} {one['name'][1]} — {'，'.join(marks)}{reason}"


def _papers(paper: _Paper, content: dict[str, Any]) -> None:
    paper.say("材料 Papers", 12, BLUE)
    for line in (
        _paper_lines(content) if content["papers"] else ["没有收取材料，均由系统调取。 None taken: all fetched."]
    ):
        paper.say(line)
    for one in content["demands"]:
        who = "部门 department" if one["asked_by"] == "department" else "窗口 clerk"
        paper.say(f"方案外要求 Asked beyond the plan ({who}): {one['what']} — {one['why']}", 10.5, "#8f5200")
    paper.rule()


def _foot(paper: _Paper, number: str, content: dict[str, Any]) -> None:
    hall = content["hall"]
    paper.say(f"{hall[0]} {hall[1]}  {hall[2]}    经办人 Clerk {content['clerk']}")
    paper.say(f"依据 Basis: {content['basis']}", 9, QUIET)
    paper.say(f"凭证号 Receipt {number}", 9, QUIET)
    paper.say(
        "材料只交这一套，任何部门不得重复要求（规定第七条）。 No department may ask for any of this again.", 9, QUIET
    )
