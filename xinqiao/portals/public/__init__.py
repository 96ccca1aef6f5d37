"""Pages before any login (公开页)."""
