"""Text messages: the answer goes to who called, with a link that opens the follow-up."""
