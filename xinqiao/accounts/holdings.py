"""What accounts hold of people (账号持有清单).

An account is a person who signs in, who may speak for several patients or for none; it is not a patient's
row. Erasing a patient calls `forget_phone_user` for the account that is his own.
"""

from xinqiao.kit.holdings import Holding

HOLDINGS = (
    Holding(
        model="User",
        subject=None,
        why="登录的人，不是患者；号码密存，患者资料擦除时由 forget_phone_user 删除",
    ),
    Holding(model="PasswordUsed", subject=None, why="职工用过的口令的摘要"),
    Holding(model="LoginAttempt", subject=None, why="登录尝试，账号只存盲值，31 天后删除"),
    Holding(model="LoginCode", subject=None, why="验证码，号码与验证码密存，2 天后删除"),
    Holding(model="SessionRecord", subject=None, why="登录会话，只有账号，180 天后删除"),
)
