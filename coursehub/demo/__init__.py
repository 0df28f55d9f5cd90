"""People, editions and courses for trying things out; each says plainly that it is invented."""
