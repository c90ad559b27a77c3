"""How it is wired: settings, addresses, the yici command, the embedded database."""
