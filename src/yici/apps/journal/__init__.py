"""The append-only record of every act and look-up."""
