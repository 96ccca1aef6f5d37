"""Everything that changes an account, a sign-in or a stay (账号操作)."""

from xinqiao.accounts.operations.phones import (
    create_phone_user,
    forget_phone_user,
    redeem_login_code,
    request_login_code,
)
from xinqiao.accounts.operations.staff import (
    change_password,
    create_staff,
    disable_user,
    enable_user,
    reset_password,
)
from xinqiao.accounts.operations.stays import (
    end_session,
    end_sessions,
    forget_old_sign_ins,
    lock_session,
    open_session,
    switch_post,
    touch_session,
    unlock_session,
)
from xinqiao.accounts.operations.steps import check_password_step, check_totp_step
from xinqiao.accounts.operations.totp import enrol_totp, reset_totp

__all__ = [
    "change_password",
    "check_password_step",
    "check_totp_step",
    "create_phone_user",
    "create_staff",
    "disable_user",
    "enable_user",
    "end_session",
    "end_sessions",
    "enrol_totp",
    "forget_old_sign_ins",
    "forget_phone_user",
    "lock_session",
    "open_session",
    "redeem_login_code",
    "request_login_code",
    "reset_password",
    "reset_totp",
    "switch_post",
    "touch_session",
    "unlock_session",
]
