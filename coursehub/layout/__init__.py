"""What every page looks like: its frame, its components, its drawings."""
