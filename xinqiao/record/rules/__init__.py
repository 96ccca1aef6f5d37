"""Pure decisions of the record: what is said, how encounters fold, how units convert (临床数据规则)."""

from xinqiao.record.rules.said import (
    AllergySaid,
    CodeSaid,
    ConditionSaid,
    EncounterSaid,
    FactsSaid,
    ImmunizationSaid,
    MedicationSaid,
    ObservationSaid,
    ProcedureSaid,
    ReportSaid,
)

__all__ = [
    "AllergySaid",
    "CodeSaid",
    "ConditionSaid",
    "EncounterSaid",
    "FactsSaid",
    "ImmunizationSaid",
    "MedicationSaid",
    "ObservationSaid",
    "ProcedureSaid",
    "ReportSaid",
]
