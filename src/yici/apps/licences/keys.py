"""The demonstration certificate authority and the electronic seal it certifies, made once at set-up.

A county in service points ``YICI_SEAL_DIR`` at keys and certificates of its own authority instead.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT_NAME = "Yici Demonstration CA"
SEAL_NAME = "Yici Demonstration Electronic Seal"
# Long enough for a demonstration that is kept for years; a real seal is renewed by its authority.
VALID = timedelta(days=3650)
FILES = ("root.pem", "seal.pem", "seal.key")


@dataclass(frozen=True, slots=True)
class Seal:
    """Where the key and the certificates of the electronic seal lie."""

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    @property
    def certificate(self) -> Path:
        return self.folder / "seal.pem"

    @property
    def key(self) -> Path:
        return self.folder / "seal.key"

    def private_key(self) -> ec.EllipticCurvePrivateKey:
        """Return the signing key."""
        key = serialization.load_pem_private_key(self.key.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("the electronic seal needs an ECDSA P-256 key")
        return key

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Return the public key, by which anybody verifies a QR code offline."""
        return self.private_key().public_key()


def seal_folder(data: Path) -> Path:
    """Return the folder of the seal: from the environment, else inside the data folder."""
    return Path(os.environ.get("YICI_SEAL_DIR") or data / "seal")


@cache
def the_seal(folder: Path) -> Seal:
    """Return the seal of this machine; ``ensure_seal`` must have made it."""
    seal = Seal(folder)
    missing = [name for name in FILES if not (folder / name).exists()]
    if missing:
        raise FileNotFoundError(f"no electronic seal in {folder}: {', '.join(missing)} missing; run `yici migrate`")
    return seal


def ensure_seal(folder: Path, *, now: datetime) -> Seal:
    """Make the demonstration authority and seal if the folder has none; otherwise leave it as it is."""
    if not all((folder / name).exists() for name in FILES):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(folder, now)
    return Seal(folder)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Yici demonstration, no legal effect"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _certificate(
    subject: str, key: ec.EllipticCurvePublicKey, *, signer: ec.EllipticCurvePrivateKey, authority: bool, now: datetime
) -> x509.Certificate:
    identifier = x509.SubjectKeyIdentifier.from_public_key(key)
    issuer_identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(ROOT_NAME))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(_usage(authority=authority), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(issuer_identifier, critical=False)
        .sign(signer, hashes.SHA256())
    )


def _make(folder: Path, now: datetime) -> None:
    root_key, seal_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate(ROOT_NAME, root_key.public_key(), signer=root_key, authority=True, now=now)
    seal = _certificate(SEAL_NAME, seal_key.public_key(), signer=root_key, authority=False, now=now)
    # The root's own key is not kept: nobody can make a second seal that looks like ours.
    _write(folder / "root.pem", root.public_bytes(serialization.Encoding.PEM))
    _write(folder / "seal.pem", seal.public_bytes(serialization.Encoding.PEM))
    _write(
        folder / "seal.key",
        seal_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
