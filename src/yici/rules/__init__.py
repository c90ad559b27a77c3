"""What is decided: plain Python that a lawyer can follow and replay can run."""
