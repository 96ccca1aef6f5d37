"""Everything a member of staff must do, by when; who is on duty (待办·值班)."""
