"""Reading and writing a course's folder: pure, from bytes to typed values and findings."""
