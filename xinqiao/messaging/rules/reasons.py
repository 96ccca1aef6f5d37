"""Why a message did not leave, or did not arrive: code → words for people (原因)."""

REASONS = {
    "deceased": "患者已去世，不再发送任何消息",
    "no_contact": "没有可用的联系方式",
    "contact_failed": "联系方式已失效，请先核实",
    "contact_unverified": "联系方式未核实，不发推广",
    "opted_out": "已退订此渠道；医疗安全事项请改打电话",
    "consent_withdrawn": "本人未同意或已撤回同意；医疗安全事项请改打电话",
    "consent_missing": "尚未取得本人同意",
    "duplicate": "24 小时内已发过相同内容",
    "marketing_cap": "推广消息已达 7 天 1 条或 30 天 3 条",
    "too_late": "到能发送时已无意义，不再发送",
    "daily_cap": "今天的通知已达 5 条，顺延到明天",
    "quiet_hours": "免打扰时段，顺延到可以发送的时刻",
    "scheduled": "已约定发送时间，到时发送",
    "paused": "随访已暂停，恢复后再定",
    "shadow_run": "影子运行：只作决定，不发送",
    "sending_locked": "本机发送已锁定，只能发到登记的测试号码",
    "no_domain": "本机构还没有登记域名，带链接的消息不能发送，请系统管理员登记",
    "unreadable": "患者资料已按要求销毁，不再发送",
}
FAILURES = {
    "gave_up": "多次尝试仍未发出",
    "too_late": "到能发送时已无意义，不再发送",
    "not_configured": "这个渠道还没有配置账号，请系统管理员配置",
    "no_template": "服务商处没有登记对应的模板，请系统管理员登记",
    "unreachable": "连不上服务商",
    "no_tls": "邮件服务器不支持加密，未发送",
    "bad_address": "收件地址不对，请核实",
    "answer_lost": "服务商没有答复，是否发出待查",
    "confirmed_lost": "经核实未发出",
    "MOBILE_NOT_ON_SERVICE": "停机或空号",
    "MOBILE_TERMINAL_ERROR": "手机终端问题",
    "isv.MOBILE_NUMBER_ILLEGAL": "手机号码格式错误",
    "isv.BUSINESS_LIMIT_CONTROL": "服务商限制了对同一号码的发送次数",
    "isv.AMOUNT_NOT_ENOUGH": "短信账户余额不足，请充值",
}


def words_of(code: str) -> str:
    """Give the words of a reason or failure; a provider's own code is shown as it came (原因文字)."""
    return REASONS.get(code) or FAILURES.get(code) or f"服务商返回 {code}"
