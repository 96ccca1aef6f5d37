"""The newest valid result of every concept, recomputed for the keys that were touched (最新结果)."""

from xinqiao.record.operations.bulk import Statement

COLUMNS = "observation_id, at, display, value, value_text, comparator, unit, reference_range, flag, quality"
BEST = """
SELECT o.id AS observation_id, o.organisation_id, o.at, o.display,
  CASE WHEN o.quality = '' OR o.canonical_value IS NOT NULL THEN coalesce(o.canonical_value, o.value) END AS value,
  o.value_text, o.comparator, coalesce(nullif(o.canonical_unit, ''), o.unit) AS unit, o.reference_range, o.flag,
  o.quality
FROM record_observation o
WHERE o.patient_id = t.patient_id AND o.concept = t.code AND o.is_valid AND o.superseded_at IS NULL
ORDER BY o.at DESC, o.source_at DESC, o.source_key DESC LIMIT 1
"""
RECOMPUTE = f"""
WITH best AS MATERIALIZED (
  SELECT t.patient_id, t.code, b.* FROM {{touched}} AS t (patient_id, code) LEFT JOIN LATERAL ({BEST}) b ON true),
gone AS (DELETE FROM record_latestobservation l USING best
  WHERE best.observation_id IS NULL AND l.patient_id = best.patient_id AND l.code = best.code)
INSERT INTO record_latestobservation AS l (patient_id, code, organisation_id, {COLUMNS})
SELECT patient_id, code, organisation_id, {COLUMNS} FROM best WHERE observation_id IS NOT NULL
ON CONFLICT (patient_id, code) DO UPDATE
SET ({COLUMNS}) = ({", ".join(f"excluded.{name}" for name in COLUMNS.split(", "))})
WHERE l.observation_id <> excluded.observation_id
"""
LATEST_OF_SOME = Statement(RECOMPUTE.format(touched="unnest(%s::uuid[], %s::text[])"))
LATEST_OF_ALL = Statement(
    RECOMPUTE.format(
        touched="(SELECT DISTINCT o.patient_id, o.concept FROM record_observation o WHERE o.organisation_id = %s)"
    )
)
