"""The house proved as a whole: walls, reactions, one marked patient's traces, and processes killed at work."""
