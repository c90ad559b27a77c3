"""Accountability: what is measured of offices and places, their scorecards, and how they contest a point."""
