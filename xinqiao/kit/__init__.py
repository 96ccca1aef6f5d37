"""Tools with no hospital in them (工具间)."""
