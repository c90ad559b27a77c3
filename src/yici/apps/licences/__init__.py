"""E-licences: issued, signed, verified, revoked."""
