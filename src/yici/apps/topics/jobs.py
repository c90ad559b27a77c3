"""What happens to topics by itself."""
