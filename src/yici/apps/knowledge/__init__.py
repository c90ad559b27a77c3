"""The knowledge base: articles that answer at once, their editions and uses, and questions nobody could answer."""
