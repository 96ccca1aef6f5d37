"""All that comes in from other systems: inbox, quarantine, waiting, sources' health (接收·异常报文)."""
