"""All that changes the record (临床数据操作)."""

from xinqiao.record.operations.load import load_facts
from xinqiao.record.operations.receiving import receive_facts

__all__ = ["load_facts", "receive_facts"]
