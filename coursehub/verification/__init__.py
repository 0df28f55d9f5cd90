"""Verification: the public pages where anybody checks a certificate, with us or without."""
