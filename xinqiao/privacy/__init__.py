"""Consent, purpose, sharing, export, erasure, retention (知情同意)."""
