"""The document of an item or life event as a form: its shape, how it is drawn, how it is read back."""
