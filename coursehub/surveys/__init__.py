"""Surveys: anonymous, paired by a code or with a name; what is kept, and results from ten on."""
