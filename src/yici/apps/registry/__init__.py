"""Shared data: datasets and what the government already holds."""
