"""What can be studied, and when: courses as offered and their editions."""
