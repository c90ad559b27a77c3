"""Hash trees: one short root stands for a thousand entries, and no entry can change without the root changing."""

import hashlib
from collections.abc import Iterable, Sequence
from enum import StrEnum

# One byte in front tells what is hashed, so that nobody can pass an inner node off as an entry (RFC 6962, 2.1).
_LEAF, _NODE, _LINK = b"\x00", b"\x01", b"\x02"
NOTHING_BEFORE = b""  # the chain before its first seal


class Algorithm(StrEnum):
    """The hash in use; each entry and each seal names its own, so that changing over never spoils the past."""

    SHA256 = "sha256"
    SM3 = "sm3"  # GB/T 32905-2016, asked for where the Cryptography Law (密码法) art. 27 applies

    @property
    def is_here(self) -> bool:
        """Whether this machine can compute it: SM3 comes with OpenSSL and is missing from some builds."""
        return self.value in hashlib.algorithms_available


def canonical_text(parts: Iterable[str]) -> str:
    """Return one text from which the parts can be read back, so that two different entries never look the same.

    >>> canonical_text(["a", "bc"])
    '1:a,2:bc,'
    >>> canonical_text(["a,1:b"]) == canonical_text(["a", "b"])
    False
    """
    return "".join(f"{len(part)}:{part}," for part in parts)


def leaf(content: bytes, algorithm: Algorithm = Algorithm.SHA256) -> bytes:
    """Return the 32-byte hash of one entry.

    >>> leaf(b"").hex()[:8]
    '6e340b9c'
    """
    return hashlib.new(algorithm, _LEAF + content).digest()


def root(leaves: Sequence[bytes], algorithm: Algorithm = Algorithm.SHA256) -> bytes:
    """Return the 32-byte root over leaf hashes in their order; a lone one at the end of a row moves up unchanged.

    >>> root([]).hex()[:8]
    'e3b0c442'
    >>> one = leaf(b"only")
    >>> root([one]) == one
    True
    """
    row = list(leaves)
    if not row:
        return hashlib.new(algorithm, b"").digest()
    while len(row) > 1:
        pairs = [_node(row[at], row[at + 1], algorithm) for at in range(0, len(row) - 1, 2)]
        row = pairs + row[len(pairs) * 2 :]
    return row[0]


def chained(previous: bytes, tree_root: bytes, about: str, algorithm: Algorithm = Algorithm.SHA256) -> bytes:
    """Return the root that also stands for every seal before; ``about`` is the seal's own canonical text."""
    digest = hashlib.new(algorithm, _LINK + len(previous).to_bytes(1) + previous + tree_root)
    digest.update(about.encode())
    return digest.digest()


def _node(left: bytes, right: bytes, algorithm: Algorithm) -> bytes:
    return hashlib.new(algorithm, _NODE + left + right).digest()
