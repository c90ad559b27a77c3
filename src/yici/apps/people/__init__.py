"""Parties, accounts, staff and mandates."""
