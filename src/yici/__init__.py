"""Yici (一次, "once"): say what you need, once; see the number of visits before you apply."""
