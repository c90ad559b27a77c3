"""Topics: what suddenly concerns many people, found in tickets, reviews and corrections, up to what came of it."""
