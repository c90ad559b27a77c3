"""Programs that the tests start as processes of their own: not tests, and not to be imported as such."""

collect_ignore_glob = ["*.py"]
