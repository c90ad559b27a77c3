"""The reform bench: what changes in an item, who loses by it, and what the public says."""
