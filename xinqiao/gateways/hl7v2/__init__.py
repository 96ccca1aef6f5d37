"""HL7 v2: messages over MLLP and from files, read tolerantly and answered (HL7 v2 接口)."""
