"""Papers that people upload: looked at by type, size and content, and re-encoded before anybody opens them."""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from yici.rules.refusals import Refusal

LARGEST_PAPER = 5_000_000  # bytes
MOST_PIXELS = 40_000_000
MOST_PAGES = 60
LONGEST_EDGE = 4000
FORBIDDEN_IN_PDF = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA", b"/OpenAction")


class CannotTakePaper(Refusal):
    """An uploaded file that cannot be taken, with what to do instead."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A checked paper: what is kept is what was checked, not what was sent."""

    filename: str
    kind: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Return the fingerprint of what is kept."""
        return hashlib.sha256(self.content).hexdigest()


def take_paper(filename: str, content: bytes) -> Paper:
    """Return a paper fit to be kept. Raises CannotTakePaper with a sentence."""
    if not content:
        raise CannotTakePaper(zh="没有收到文件，请重新选择后上传。", en="No file arrived. Choose it again and upload.")
    if len(content) > LARGEST_PAPER:
        raise CannotTakePaper(
            zh="文件超过 5 MB。请拍照时选择较低清晰度，或分成几份上传。",
            en="The file is larger than 5 MB. Take the photograph at a lower quality, or split the paper.",
        )
    if content.startswith(b"%PDF-"):
        return Paper(_clean_name(filename, ".pdf"), "application/pdf", _checked_pdf(content))
    return Paper(_clean_name(filename, ".jpg"), "image/jpeg", _drawn_again(content))


def _clean_name(filename: str, suffix: str) -> str:
    bare = filename.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    kept = "".join(char for char in bare if char.isalnum() or char in " -_()（）")[:80].strip()
    return (kept or "paper") + suffix


def _checked_pdf(content: bytes) -> bytes:
    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        encrypted = reader.encrypted
        pages = 0 if encrypted else int(reader.root["/Pages"]["/Count"])
    except (PdfError, KeyError, ValueError, IndexError, TypeError, RecursionError) as error:
        raise CannotTakePaper(
            zh="这个 PDF 文件已损坏，打不开。请重新导出或改为拍照上传。",
            en="This PDF is damaged and cannot be opened. Export it again, or upload a photograph.",
        ) from error
    if encrypted:
        raise CannotTakePaper(
            zh="这个 PDF 设了密码，工作人员无法查看。请去掉密码后再上传。",
            en="This PDF is locked with a password; nobody could read it. Remove the password and upload again.",
        )
    if pages > MOST_PAGES or any(mark in content for mark in FORBIDDEN_IN_PDF):
        raise CannotTakePaper(
            zh=f"这个 PDF 超过 {MOST_PAGES} 页，或含有脚本、附件等内容。请“打印为 PDF”后再上传。",
            en=f"This PDF has more than {MOST_PAGES} pages, or scripts or files inside. Print it to a new PDF first.",
        )
    return content


def _drawn_again(content: bytes) -> bytes:
    """Return a photograph drawn anew: hidden data, places and tricks inside the file do not survive."""
    try:
        image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
        if image.width * image.height > MOST_PIXELS:
            raise CannotTakePaper(
                zh="图片尺寸过大。请用手机正常拍照，或缩小后再上传。",
                en="The picture is too large. Take an ordinary photograph, or make it smaller.",
            )
        image.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
        out = io.BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=85)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError, SyntaxError) as error:
        raise CannotTakePaper(
            zh="只能上传 PDF、JPEG 或 PNG，这个文件不是或已损坏。请重新拍照或导出后上传。",
            en="Only PDF, JPEG and PNG can be taken; this file is something else or damaged. Photograph it again.",
        ) from error
    return out.getvalue()
