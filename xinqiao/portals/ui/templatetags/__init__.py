"""Template tags of the interface (模板标签)."""
