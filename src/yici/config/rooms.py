"""The rooms of the house that show pages: each has its templates, its Chinese sentences and perhaps its own style."""

ROOMS = ("look", "portal", "desk", "window", "steward", "hotline", "kiosk", "public", "bench", "cockpit", "congress")
