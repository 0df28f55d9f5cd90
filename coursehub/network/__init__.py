"""The Network: its countries and their institutions."""
