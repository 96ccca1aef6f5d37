"""Patients as one organisation knows them: records, what sources said, how to reach them, who may read them."""

from django.db import models
from django.db.models import Q

SEXES = ("male", "female", "unknown", "other")
INFORMED = ("self", "family_only", "unknown")
CONTACT_STATES = ("unverified", "ok", "failing", "wrong")
RELATIONS = ("self", "proxy", "team", "grant")


def one_of(column: str, words: tuple[str, ...], name: str) -> models.CheckConstraint:
    """Allow only these words in a column (限定取值)."""
    return models.CheckConstraint(condition=Q(**{f"{column}__in": words}), name=name)


class Held(models.Model):
    """A row about one patient of one organisation (患者名下的一行)."""

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True


class Patient(models.Model):
    """One person's record at one organisation (患者): the fold of everything its sources said.

    `told` remembers for each attribute when its source said it (microseconds since 1970) and whether a value
    stands, so that an older message never overwrites a newer one. `index_id` is the surviving record after a merge.
    `restricted_at` means that nothing but storage is lawful any more (PIPL 第四十七条第二款).
    """

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    index = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200, default="", blank=True)
    pinyin = models.CharField(max_length=200, default="", blank=True)
    initials = models.CharField(max_length=80, default="", blank=True)
    given = models.CharField(max_length=200, default="", blank=True)
    sex = models.CharField(max_length=10, default="unknown")
    birth_on = models.DateField(null=True)
    birth_precision = models.CharField(max_length=10, default="", blank=True)
    paper_sex = models.CharField(max_length=10, default="", blank=True)
    paper_birth_on = models.DateField(null=True)
    deceased_at = models.DateTimeField(null=True)
    nationality = models.CharField(max_length=60, default="", blank=True)
    region = models.CharField(max_length=12, default="", blank=True)
    address_sealed = models.BinaryField(null=True)
    label = models.PositiveSmallIntegerField(default=4)
    informed = models.CharField(max_length=12, default="unknown")
    told = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    recomputed_at = models.DateTimeField()
    restricted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("sex", SEXES, "patient_sex"),
            one_of("informed", INFORMED, "patient_informed"),
            models.CheckConstraint(condition=Q(label__gte=1, label__lte=5), name="patient_label"),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "name", "birth_on"], name="patient_name"),
            models.Index(fields=["organisation_id", "pinyin", "birth_on"], name="patient_pinyin"),
            models.Index(fields=["organisation_id", "initials", "birth_on"], name="patient_initials"),
            models.Index(fields=["organisation_id", "given", "birth_on"], name="patient_given"),
        ]


class Snapshot(Held):
    """What one source said of a patient at one time, word for word (来源快照). Never changed."""

    source = models.CharField(max_length=60)
    source_at = models.DateTimeField()
    received_at = models.DateTimeField()
    body_sealed = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["patient", "source_at"], name="snapshot_order")]


class Identifier(Held):
    """A number by which a patient is known somewhere (患者标识): found by its blind index, whole or last four.

    An invalid one is kept as it was said; it identifies nobody, so that two people may carry the same wrong number.
    """

    kind = models.CharField(max_length=30)
    system = models.CharField(max_length=80, default="", blank=True)
    value_sealed = models.BinaryField()
    value_blind = models.BinaryField(max_length=8)
    tail_blind = models.BinaryField(max_length=8)
    is_valid = models.BooleanField(default=True)
    source = models.CharField(max_length=60)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "kind", "system", "value_blind"],
                name="identifier_once",
                condition=Q(is_valid=True),
            ),
            models.UniqueConstraint(
                fields=["patient", "kind", "system", "value_blind"], name="identifier_said"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "value_blind"], name="identifier_whole"),
            models.Index(fields=["organisation_id", "tail_blind"], name="identifier_tail"),
        ]


class ContactPoint(Held):
    """A way to reach a patient, perhaps over somebody else's phone (联系方式). Superseded, never overwritten."""

    kind = models.CharField(max_length=10)
    value_sealed = models.BinaryField()
    value_blind = models.BinaryField(max_length=8)
    tail_blind = models.BinaryField(max_length=8)
    owner = models.CharField(max_length=10, default="self")
    owner_name_sealed = models.BinaryField(null=True)
    state = models.CharField(max_length=10, default="unverified")
    preferred = models.BooleanField(default=False)
    place = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("kind", ("mobile", "landline", "email", "other"), "contact_kind"),
            one_of("owner", ("self", "child", "spouse", "parent", "other"), "contact_owner"),
            one_of("state", CONTACT_STATES, "contact_state"),
            models.UniqueConstraint(
                fields=["patient", "source", "kind", "value_blind"],
                name="contact_once",
                condition=Q(superseded_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "value_blind"], name="contact_whole"),
            models.Index(fields=["organisation_id", "tail_blind"], name="contact_tail"),
            models.Index(fields=["patient"], name="contact_patient"),
        ]


class Kin(Held):
    """A relative or other person to be called about a patient (联系人). Superseded, never overwritten."""

    name_sealed = models.BinaryField()
    phone_sealed = models.BinaryField(null=True)
    said_blind = models.BinaryField(max_length=8)
    relation = models.CharField(max_length=40, default="", blank=True)
    source = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["patient"], name="kin_patient")]


class Access(Held):
    """Who may read a patient beyond what his post allows, why, and until when (授权). Half-open period."""

    grantee_user_id = models.UUIDField(null=True)
    grantee_department_id = models.UUIDField(null=True)
    grantee_organisation_id = models.UUIDField(null=True)
    relation = models.CharField(max_length=10)
    kinship = models.CharField(max_length=20, default="", blank=True)
    purpose = models.CharField(max_length=40, default="care")
    label_ceiling = models.PositiveSmallIntegerField(default=4)
    evidence = models.CharField(max_length=200, default="", blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("relation", RELATIONS, "access_relation"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=models.F("starts_at")), name="access_period"
            ),
            models.CheckConstraint(
                condition=Q(
                    grantee_user_id__isnull=False, grantee_department_id=None, grantee_organisation_id=None
                )
                | Q(grantee_user_id=None, grantee_department_id__isnull=False, grantee_organisation_id=None)
                | Q(grantee_user_id=None, grantee_department_id=None, grantee_organisation_id__isnull=False),
                name="access_one_grantee",
            ),
        ]
        indexes = [
            models.Index(fields=["grantee_user_id"], name="access_user"),
            models.Index(fields=["grantee_department_id"], name="access_department"),
            models.Index(fields=["grantee_organisation_id"], name="access_organisation"),
            models.Index(fields=["patient"], name="access_patient"),
        ]
