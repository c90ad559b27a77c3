"""Regions, organisations, halls, windows and the official calendar."""
