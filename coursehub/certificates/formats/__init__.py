"""What certificates are made of, as bytes and texts: codes, signatures, credentials, paper."""
