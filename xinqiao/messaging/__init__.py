"""The one way out: every message that leaves, and why (消息)."""
