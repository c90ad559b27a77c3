"""Registers of other departments, as real programs that the tests start, kill, stop and spoil."""
