"""Every form that anyone fills in (问卷)."""
