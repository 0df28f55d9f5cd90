"""The site's own texts, in each language: help, privacy notice, terms, support."""
