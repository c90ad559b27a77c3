"""Who comes in: pages, interfaces and commands; no tables."""
