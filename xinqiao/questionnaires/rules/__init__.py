"""Pure decisions about forms: how they are written, answered, judged and opened (问卷规则)."""
