"""Proposed revisions of items, their way through the gate, and the public ledger of changes."""
