"""Questions: how they are arranged, answered, marked and drawn; no database, no browser."""
