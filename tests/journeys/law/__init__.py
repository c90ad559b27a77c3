"""The articles of the reform's law, each shown on the running software."""
