"""One patient's story per file, through real pages in a real browser (旅程)."""
