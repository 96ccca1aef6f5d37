"""Pure decisions about messages: their words, whether and when they leave, what became of them (消息规则)."""
