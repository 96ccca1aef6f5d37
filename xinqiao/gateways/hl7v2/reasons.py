"""Every reason why a message was not applied, or was applied with a remark (异常原因)."""

REASONS = {
    "bad_charset": "报文里的汉字既不是 UTF-8 也不是 GB18030，无法辨认。请让发送方核对 MSH-18 与实际编码后重发。",
    "bad_separators": "MSH-1/MSH-2 的分隔符是字母、数字或空白，无法拆分字段。请让发送方改用 |^~\\& 后重发。",
    "empty": "收到的内容是空的。请让发送方检查发送程序后重发。",
    "merge_not_supported": "这是患者合并报文（A40），本版本尚不能自动合并。请先保留，待患者合并功能启用后重试。",
    "id_conflict": "同一消息号（MSH-10）此前收到过内容不同的报文。已保存待核对，请发送方确认消息号是否重复使用。",
    "no_document": "文书报文（MDM）里没有 TXA 段，不知道是哪份文书。请让发送方补上 TXA 段后重发。",
    "no_message_type": "MSH-9 没有写报文类型，不知道该如何处理。请让发送方补上类型（如 ADT^A01）后重发。",
    "no_msh": "找不到 MSH 段，这不是一条 HL7 v2 报文。请确认发送的文件或端口是否正确。",
    "no_patient": "报文里没有 PID 段，不知道是哪位患者。请让发送方补上 PID 段后重发。",
    "no_patient_id": "PID-3 没有任何患者标识，不知道是哪位患者。请让发送方补上病案号或就诊卡号后重发。",
    "no_visit_number": "PV1-19 没有就诊号，无法确定是哪一次就诊。请让发送方补上住院号或门诊号后重发。",
    "not_stored": "暂时无法保存这条报文。请发送方稍后重发同一条报文。",
    "not_for_us": "这类报文本系统不处理，已原样保存，无需任何操作。",
    "several_messages": "一次发来了多条报文却没有拆开。请让发送方逐条发送，或用导入命令按批文件导入。",
    "several_patients": "一条 ADT 报文里出现了不同患者的 PID 段，为避免写错人未予处理。请让发送方拆成多条重发。",
    "too_large": "报文超过 16 MB 上限。请让发送方把大附件改用文件或影像接口传送。",
    "too_many_segments": "报文超过 50,000 段上限。请让发送方拆成多条发送。",
}

NOTES = {
    "bad_birth_date": "PID-7 的出生日期无法辨认，已留空，其余内容照常处理。",
    "bad_time": "有时间字段无法辨认，已留空，其余内容照常处理。",
    "batch_count_differs": "批文件尾（BTS/FTS）声明的条数与实际不符，文件可能不完整，请核对。",
    "charset_guessed": "MSH-18 没有声明字符集，已按内容判断。",
    "charset_wrong": "MSH-18 声明的字符集与内容不符，已按内容判断。请让发送方更正声明。",
    "line_joined": "有一行不是段（可能是文本里的换行），已并入上一段。",
    "no_event_time": "EVN-2 与 MSH-7 都没有时间，只能按收到的先后处理。",
    "no_visit_number": "没有就诊号，只更新患者资料，未记录就诊。",
    "nul_removed": "报文里有空字符（NUL），已去除。",
    "observation_without_code": "有检验检查项目没有代码（OBX-3），未能记录该项。",
    "odd_separators": "MSH-2 的分隔符不规范，已按内容判断。",
    "resident_id_invalid": "居民身份证号校验位不对，已按其他证件保存，请核对。",
    "visit_number_from_account": "PV1-19 没有就诊号，已用 PID-18 账户号代替。",
}


class Unreadable(Exception):
    "这条报文无法解析。"

    def __init__(self, code: str):
        self.code, self.message_zh = code, REASONS[code]
        super().__init__(f"{code}: {self.message_zh}")


class Rejected(Unreadable):
    "这条报文能解析，但缺少必要内容，不能处理。"
