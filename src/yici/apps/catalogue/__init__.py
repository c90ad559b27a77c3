"""Items and life events with their revisions."""
