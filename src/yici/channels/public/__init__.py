"""Pages that everybody may read: verify a licence, the catalogue."""
