"""The self-service kiosk of a hall."""
