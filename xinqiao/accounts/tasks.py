"""What accounts do by the clock (定时清理)."""

from datetime import datetime

from xinqiao.accounts.operations import forget_old_sign_ins
from xinqiao.kit.actor import system


def sweep(now: datetime) -> None:
    """This function will delete old codes, attempts and stays, once a day (清理登录痕迹)."""
    forget_old_sign_ins(by=system("accounts.sweep"), now=now)
