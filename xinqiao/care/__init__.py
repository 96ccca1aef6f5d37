"""Pathways, follow-up, and alerts from what patients tell us (随访·路径·预警)."""
