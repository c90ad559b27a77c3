"""The one window of a hall."""
