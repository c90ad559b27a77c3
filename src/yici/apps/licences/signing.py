"""Puts the electronic seal on a PDF (PAdES) and checks it again."""

from functools import cache
from io import BytesIO
from pathlib import Path

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from yici.apps.licences.keys import Seal, the_seal

FIELD = "Seal"


@cache
def _signer(folder: Path) -> signers.SimpleSigner:
    seal = the_seal(folder)
    signer: signers.SimpleSigner | None = signers.SimpleSigner.load(  # type: ignore[no-untyped-call]
        str(seal.key), str(seal.certificate), ca_chain_files=(str(seal.root),)
    )
    if signer is None:
        raise ValueError(f"the electronic seal in {folder} cannot be read")
    return signer


def sign(document: bytes, seal: Seal, *, reason: str) -> bytes:
    """Return the PDF with a PAdES baseline signature of the seal."""
    writer = IncrementalPdfFileWriter(BytesIO(document))
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD, reason=reason, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    out: BytesIO = signers.sign_pdf(writer, metadata, signer=_signer(seal.folder))
    return out.getvalue()


def is_intact(document: bytes, seal: Seal) -> bool:
    """Return whether the PDF carries our seal and no byte of it has changed since."""
    context = ValidationContext(
        trust_roots=[load_cert_from_pemder(str(seal.root))],  # type: ignore[no-untyped-call]
        allow_fetching=False,
    )
    try:
        signatures = PdfFileReader(BytesIO(document)).embedded_signatures
        if len(signatures) != 1:
            return False
        status = validate_pdf_signature(signatures[0], context)
    except (PdfError, SignatureValidationError, ValueError, KeyError, IndexError):
        return False
    return bool(status.bottom_line and status.coverage is SignatureCoverageLevel.ENTIRE_FILE)
