"""The yici command, one module for each group of acts."""
