"""Pure decisions of follow-up: enrolments, windows, contact, pathways, plans, alerts (随访规则)."""
