"""The tables that other people's applications bring: whose data they hold, and what erasure does (外来表).

The same declaration that every room makes in its `holdings.py`; an installed table on neither list fails a
house test.
"""

from xinqiao.kit.holdings import Holding

HOLDINGS = [
    Holding(model="contenttypes.ContentType", subject=None, why="names of tables"),
    Holding(model="auth.Permission", subject=None, why="names of rights"),
    Holding(model="auth.Group", subject=None, why="names of groups of rights"),
    Holding(model="auth.Group_permissions", subject=None, why="which group has which right"),
    Holding(model="sessions.Session", subject=None, why="opaque sign-ins that expire by themselves"),
    Holding(
        model="account.EmailAddress", subject=None, why="empty: staff have a login name, patients a number"
    ),
    Holding(model="account.EmailConfirmation", subject=None, why="empty: nobody confirms an address"),
    Holding(model="mfa.Authenticator", subject=None, why="second factors of staff, sealed"),
]
