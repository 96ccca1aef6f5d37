"""Who gets which answer at which address (路由权限表), written by hand: the oracle of test_routes.py."""

from dataclasses import dataclass, field

WORKERS = frozenset({"doctor", "nurse", "head", "service_desk"})
BEDSIDE = frozenset({"doctor", "nurse", "head"})
READERS = WORKERS | {"manager"}
SEARCHERS = READERS | {"guide"}
DESK = frozenset({"service_desk"})
MEASURERS = frozenset({"head", "manager"})
EVERYONE = SEARCHERS | {"sysadmin", "secadmin", "auditor"}
NOBODY: frozenset[str] = frozenset()
METHODS = ("GET", "POST", "PUT", "DELETE")


@dataclass(frozen=True)
class Rule:
    """What a route answers (一条路由): `methods` to the roles that may, by method; 405 to any other method.

    `foreign` is for the same roles of another organisation, when it differs; `refused` for any other role.
    """

    methods: dict[str, int]
    roles: frozenset[str]
    foreign: int | None = None
    refused: int = 403
    anonymous: int = 302
    patient: int = 403
    special: dict[str, int] = field(default_factory=dict)  # a role whose answer differs
    by_patient: dict[str, int] = field(
        default_factory=dict
    )  # the patient's answers by method, when they differ
    door_first: bool = False  # who may not come in is told so whatever the method

    def expected(self, method: str, role: str, *, is_foreign: bool) -> int:
        """Say which status this person gets (应得的状态)."""
        if method not in self.methods and (not self.door_first or role == "patient"):
            return 405
        if role == "patient" and method in self.by_patient:
            return self.by_patient[method]
        if role in ("anonymous", "patient"):
            return getattr(self, role)
        if role not in self.roles:
            return self.refused
        if is_foreign and self.foreign:
            return self.foreign
        return self.special.get(role, self.methods[method])


def opens_to_all(*, patient: int | None = None, anonymous: int | None = None, **methods: int) -> Rule:
    """Describe a page before the door (公开页)."""
    status = next(iter(methods.values()))
    return Rule(methods, EVERYONE, anonymous=anonymous or status, patient=patient or status)


def on_this_machine(status: int) -> Rule:
    """Describe a page for this machine, which looks at no viewer and no method (仅限本机)."""
    return Rule(dict.fromkeys(METHODS, status), EVERYONE, anonymous=status, patient=status)


ROUTES = {
    "healthz": on_this_machine(200),
    "readyz": on_this_machine(503),
    "metrics": on_this_machine(200),
    # The word in the address is the right to come in; a wrong one is an address that does not exist.
    "callback-receipts": Rule({"POST": 404}, EVERYONE, anonymous=404, patient=404),
    "callback-replies": Rule({"POST": 404}, EVERYONE, anonymous=404, patient=404),
    "public:home": Rule(
        {"GET": 302}, EVERYONE, patient=302, special={"sysadmin": 403, "secadmin": 403, "auditor": 403}
    ),
    "public:login": opens_to_all(GET=200, POST=200),
    "public:code": opens_to_all(GET=302, POST=302),
    "public:setup": opens_to_all(GET=302, POST=302),
    "public:password": Rule({"GET": 200, "POST": 422}, EVERYONE),
    "public:lock": opens_to_all(POST=302),
    "public:locked": opens_to_all(GET=302, POST=302),
    "public:logout": opens_to_all(POST=302),
    "public:language": opens_to_all(POST=302),
    # Her own pages: no member of staff opens them; until she has chosen a person, she is led to the choice.
    "patient:home": Rule({"GET": 302}, NOBODY, patient=302),
    "patient:plan": Rule({"GET": 302}, NOBODY, patient=302),
    "patient:readers": Rule({"GET": 302}, NOBODY, patient=302),
    "patient:consents": Rule({"GET": 302}, NOBODY, patient=302),
    "patient:withdraw": Rule({"GET": 302, "POST": 302}, NOBODY, patient=302),
    "patient:people": Rule(
        {"GET": 200, "POST": 422}, NOBODY, by_patient={"GET": 200, "POST": 422}, door_first=True
    ),
    "patient:form": Rule(
        {"GET": 404, "POST": 302}, NOBODY, by_patient={"GET": 404, "POST": 302}, door_first=True
    ),
    "patient:form_draft": Rule({"POST": 204}, NOBODY, patient=204, door_first=True),
    # The door on the phone belongs to one hospital; a stranger at an address that is no hospital's finds nothing.
    "patient:login": Rule(
        {"GET": 200, "POST": 422}, EVERYONE, anonymous=404, by_patient={"GET": 200, "POST": 422}
    ),
    "patient:code": Rule({"GET": 302, "POST": 302}, EVERYONE, anonymous=404, patient=302),
    "patient:resend": Rule({"POST": 302}, EVERYONE, anonymous=404, patient=302),
    "patient:logout": opens_to_all(POST=302),
    # A word that opens nothing is shown the door of the form, whoever asks, and then says that it is void.
    "patient:link": Rule({"GET": 200}, EVERYONE, anonymous=200, patient=200),
    "patient:link_draft": opens_to_all(POST=204),
    "manager:overview": Rule({"GET": 200}, MEASURERS),
    "manager:cards": Rule({"GET": 200}, MEASURERS),
    "manager:behind": Rule({"GET": 200}, MEASURERS),
    "manager:export": Rule({"POST": 200}, MEASURERS),
    "staff:today": Rule({"GET": 200}, WORKERS),
    "staff:strip": Rule({"GET": 200}, WORKERS),
    "staff:rows": Rule({"GET": 200}, WORKERS),
    "staff:call": Rule({"GET": 200}, WORKERS, foreign=404),
    "staff:save": Rule({"POST": 422}, WORKERS, foreign=404),
    "staff:dial": Rule({"POST": 204}, WORKERS, foreign=404),
    "staff:acknowledge": Rule({"POST": 302}, BEDSIDE, foreign=404),
    "staff:contact": Rule({"POST": 409}, BEDSIDE, foreign=404),
    "staff:search": Rule({"GET": 200, "POST": 200}, SEARCHERS),
    "staff:patient": Rule({"GET": 200}, READERS, foreign=404),
    "staff:tab": Rule({"GET": 200}, READERS, foreign=404),
    "staff:number": Rule({"GET": 200}, READERS, foreign=404),
    "staff:add_task": Rule({"POST": 302}, WORKERS, foreign=404),
    "staff:held": Rule({"GET": 200}, DESK),
    "staff:retry_reason": Rule({"POST": 302}, DESK),
    "staff:message": Rule({"GET": 200}, DESK, foreign=404),
    "staff:retry": Rule({"POST": 302}, DESK, foreign=409),
    "staff:discard": Rule({"POST": 422}, DESK, foreign=404),
}
# Pages that answer a form: a GET shows it, a POST without anything typed is refused.
FORMS = {"public:login": {"POST": 422}, "public:password": {"POST": 422}, "patient:link": {"POST": 410}}
