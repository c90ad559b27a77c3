"""The look that all rooms share: layout, tokens, macros, language and elder mode."""
