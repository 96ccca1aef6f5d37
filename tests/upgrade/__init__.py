"""A database as an earlier version left it, and that `xinqiao upgrade` brings it to this one."""
