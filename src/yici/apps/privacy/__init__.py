"""What every person may ask about his own data, how long it is kept, and who looked at it in an emergency."""
