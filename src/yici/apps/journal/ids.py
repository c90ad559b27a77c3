"""Makes the opaque numbers that stand in addresses: in the order of time, and not to be guessed."""

import secrets
import time
from uuid import UUID


def new_public_id() -> UUID:
    """Return a UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, then 74 random bits.

    The random part keeps ids from being guessed; the order keeps new rows together in an index.
    """
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    version, variant = 0x7 << 76, 0b10 << 62
    return UUID(int=number & ~(0xF << 76) & ~(0b11 << 62) | version | variant)
