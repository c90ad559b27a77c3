"""The hotline: calls, the queue of tickets, supervision; and the tickets of each organisation."""
