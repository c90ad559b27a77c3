"""Halls at work: appointments, queues, served visits, results handed out."""
