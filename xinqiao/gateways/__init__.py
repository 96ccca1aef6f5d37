"""Doors for machines: what other systems send us and ask of us (系统接口)."""
