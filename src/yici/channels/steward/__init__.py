"""The data steward: what is shared, with whom, and what is missing."""
