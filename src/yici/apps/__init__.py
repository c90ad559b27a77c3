"""What is remembered: tables, what may be seen of them, what may be done to them."""
