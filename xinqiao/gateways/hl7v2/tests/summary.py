"""A flat view of what a message says, for tables of expectations (报文摘要)."""


def summary(said) -> dict:
    """Flatten the first patient's Said into plain words (摘要)."""
    one = said[0]
    return {
        "trigger": one.trigger,
        "event": one.event_at and one.event_at.isoformat(),
        "recorded": one.recorded_at and one.recorded_at.isoformat(),
        "notes": one.notes,
        "patients": [(each.patient.name, len(each.observations)) for each in said],
        **_person(one.patient),
        **_visit(one.encounter),
        **_findings(one),
        **_results(one),
    }


def _person(patient) -> dict:
    ids = patient.identifiers
    return {
        "id": ids[0].value,
        "ids": len(ids),
        "kinds": [item.kind for item in ids],
        "resident": next((item.value for item in ids if item.kind == "resident_id"), None),
        "name": patient.name,
        "names": [name.text for name in patient.names],
        "sex": patient.sex,
        "birth": patient.birth_on and patient.birth_on.isoformat(),
        "precision": patient.birth_precision,
        "phones": [(phone.number, phone.kind) for phone in patient.phones],
        "address": patient.addresses[0].text if patient.addresses else None,
        "kin": [(kin.name, kin.relation.display, kin.phones and kin.phones[0].number) for kin in patient.kin],
        "cleared": patient.cleared,
        "dead": patient.dead,
        "died": patient.died and patient.died.at.isoformat(),
    }


def _visit(encounter) -> dict:
    if encounter is None:
        return {"visit": None, "kind": ""}
    return {
        "visit": encounter.visit_number,
        "kind": encounter.kind,
        "status": encounter.status,
        "unit": encounter.place.unit,
        "unit_name": encounter.place.unit_name,
        "bed": encounter.place.bed,
        "doctor": encounter.attending.name,
        "service": encounter.service,
        "disposition": encounter.disposition.display,
        "admitted": _time(encounter.admitted),
        "discharged": _time(encounter.discharged),
        "encounter_cleared": encounter.cleared,
    }


def _findings(one) -> dict:
    return {
        "conditions": [(c.code.code, c.code.display, c.code.other_code, c.role) for c in one.conditions],
        "allergies": [
            (a.code.display, a.severity, a.reactions, a.since and a.since.precision) for a in one.allergies
        ],
        "procedures": [(p.code.code, p.performed and p.performed.precision) for p in one.procedures],
    }


def _results(one) -> dict:
    found = {
        "observations": len(one.observations),
        "reports": len(one.reports),
        "reports_of": [item.report for item in one.observations],
    }
    if one.reports:
        report = one.reports[0]
        found["report"] = (report.number, report.code.display, report.status, report.order_number)
        found["report_text"] = report.text
    if one.observations:
        found |= _result(one.observations[0])
    return found


def _result(item) -> dict:
    document = item.document
    return {
        "code": item.code.code,
        "other": item.code.other_code,
        "value": item.value_text,
        "decimal": None if item.decimal is None else str(item.decimal),
        "comparator": item.comparator,
        "unit": item.unit,
        "range": item.reference_range,
        "flags": item.flags,
        "obx_status": item.status,
        "observed": _time(item.observed),
        "comment": item.comment,
        "document": document and (document.media, document.encoding, len(document.data)),
    }


def _time(said):
    return said and (said.at.isoformat(), said.precision)
