"""The QR code of a licence: an address to verify online, and a signed statement to verify without a network."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date

import segno
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from yici.rules.refusals import Refusal

VERSION = "y1"


class CannotVerify(Refusal):
    """The code is not one of ours, or was changed."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What the code itself states: enough to compare with the paper in hand, no more (minimum, PIPL art.6)."""

    identifier: str
    type_name: str
    holder_masked: str
    issued_on: date
    valid_until: date | None

    def payload(self) -> bytes:
        """Return the canonical bytes that are signed."""
        until = self.valid_until.isoformat() if self.valid_until else ""
        fields = [self.identifier, self.type_name, self.holder_masked, self.issued_on.isoformat(), until]
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signed_text(statement: Statement, key: ec.EllipticCurvePrivateKey) -> str:
    """Return ``y1.<payload>.<signature>``; the signature is r‖s over P-256, as browsers check it themselves."""
    payload = statement.payload()
    r, s = decode_dss_signature(key.sign(payload, ec.ECDSA(hashes.SHA256())))
    return f"{VERSION}.{_encode(payload)}.{_encode(r.to_bytes(32) + s.to_bytes(32))}"


def read_signed_text(text: str, key: ec.EllipticCurvePublicKey) -> Statement:
    """Return what a code states after checking its signature. Raises CannotVerify."""
    try:
        version, payload, signature = text.rsplit("#", 1)[-1].strip().split(".")
        raw, pair = _decode(payload), _decode(signature)
        if version != VERSION or len(pair) != 64:
            raise ValueError(version)
        key.verify(
            encode_dss_signature(int.from_bytes(pair[:32]), int.from_bytes(pair[32:])), raw, ec.ECDSA(hashes.SHA256())
        )
        identifier, type_name, holder, issued, until = json.loads(raw)
        return Statement(
            identifier, type_name, holder, date.fromisoformat(issued), date.fromisoformat(until) if until else None
        )
    except (ValueError, binascii.Error, InvalidSignature) as error:
        raise CannotVerify(
            zh="这个二维码不是本平台签发的，或者内容被改动过。请向持证人索要原始证照，或输入证照标识查询。",
            en="This code was not signed by this platform, or it was changed. Ask the holder for the licence itself, "
            "or look up its identifier.",
        ) from error


def address(site: str, public_id: str, signed: str) -> str:
    """Return the text of the QR code: opens the verify page online; the part after # is read without a network."""
    return f"{site}/verify/{public_id}#{signed}"


def svg(text: str) -> str:
    """Return the code as an SVG picture (error correction M: survives a fold or a stain)."""
    return segno.make(text, error="m", micro=False).svg_inline(
        scale=4, border=4, svgclass="qr", lineclass=None, omitsize=True
    )


def masked(name: str) -> str:
    """Return a name fit for strangers: the first character and stars.

    >>> masked("方小满"), masked("湖州方记面馆有限公司")
    ('方**', '湖州****有限公司')
    """
    if len(name) <= 4:
        return name[:1] + "*" * (len(name) - 1)
    tail = "有限公司" if name.endswith("有限公司") else name[-1:]
    return name[:2] + "****" + tail
