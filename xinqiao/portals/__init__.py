"""Doors for people (门户): every page, and only pages."""
