"""Pure decisions about who a patient is: papers, phones, names (患者标识规则)."""
