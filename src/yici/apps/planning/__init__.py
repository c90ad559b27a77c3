"""Drafts before submission and the plans they lead to."""
