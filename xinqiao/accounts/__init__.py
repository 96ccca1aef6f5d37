"""Who may enter, and as what (账号·角色)."""
