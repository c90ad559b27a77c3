"""Tickets: every voice from every channel, handled to its end, and the supervision of tickets and cases."""
