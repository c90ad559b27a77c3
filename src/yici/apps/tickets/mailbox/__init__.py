"""E-mail in and out: what people write becomes tickets, and they are told the reference and the answer."""
