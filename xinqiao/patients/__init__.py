"""The index: identifiers, matching, family, who may read whom (患者主索引)."""
