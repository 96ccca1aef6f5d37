"""What the record holds of patients (持有清单)."""

from xinqiao.kit.holdings import Holding

LAW = "《医疗机构病历管理规定》第二十九条、《电子病历应用管理规范（试行）》：门（急）诊病历不少于15年，住院病历不少于30年"

HOLDINGS = (
    Holding(model="Encounter", subject="patient", legal=LAW, show="timeline"),
    Holding(model="EncounterSnapshot", subject="patient", legal=LAW),
    Holding(model="Condition", subject="patient", legal=LAW, show="timeline"),
    Holding(model="Observation", subject="patient", legal=LAW, show="timeline"),
    Holding(model="LatestObservation", subject="patient_id", legal=LAW, show="latest_values", export=False),
    Holding(model="Report", subject="patient", legal=LAW, show="timeline"),
    Holding(model="Procedure", subject="patient", legal=LAW, show="timeline"),
    Holding(model="Medication", subject="patient", legal=LAW, show="timeline"),
    Holding(model="Allergy", subject="patient", legal=LAW, show="allergies"),
    Holding(model="Immunization", subject="patient", legal=LAW, show="timeline"),
)
