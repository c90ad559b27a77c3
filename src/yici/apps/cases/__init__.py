"""Applications, cases and their steps across departments."""
