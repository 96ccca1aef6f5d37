"""`search` (患者检索): the one box by name, sound, initials and last four, through the web server with login and audit."""

from collections.abc import Iterator
from functools import partial
from random import Random

from xinqiao.patients.rules.names import initials_key, pinyin_key
from xinqiao.simulation.person import Person

from .browser import Browser
from .figures import Figure, percentile, timed
from .ground import Ground, free_port, wait_for_web
from .hospital import LOADED, SEED, citizens, load, open_hospital, open_stay

SIZE = 20_000
ASKED = 200  # of each kind
PATH = "/patients"
# the same first statement without the product: one range on one index
BARE = (
    "SELECT id, name, sex, birth_on FROM patients_patient WHERE organisation_id = %s AND name >= %s AND name < %s"
    " ORDER BY name, birth_on LIMIT 20"
)


def measure(ground: Ground, size: int) -> Iterator[Figure]:
    """This function will load `size` patients and look for two hundred of them in each way (测检索)."""
    hospital = open_hospital(ground)
    loading = timed([lambda: load(ground, hospital, size)])[0] / 1000
    yield Figure(
        work="search.load", size=size, value=size / loading, unit="patients/s",
        more={"copied": max(size - LOADED, 0)},
    )  # fmt: skip
    session, port = open_stay(hospital), free_port()
    ground.run("web", "--port", str(port))
    wait_for_web(port)
    browser = Browser(port, session)
    wanted = Random(SEED).sample(list(citizens(min(size, LOADED))), ASKED)
    with ground.connect() as owner:
        given = [(hospital.organisation_id, each.name, each.name + "\U0010ffff") for each in wanted]
        bare = [partial(lambda row: owner.execute(BARE, row).fetchall(), row) for row in given]
        bound = percentile(timed(bare), 0.95)
    for kind, texts in questions(wanted).items():
        calls = [partial(browser.post, PATH, q=text) for text in texts]
        timed(calls[:20])
        waits = timed(calls)
        yield Figure(
            work=f"search.{kind}", size=size, value=percentile(waits, 0.95), unit="ms p95", goal="≤ 50",
            bound=bound, p50_ms=percentile(waits, 0.5), p95_ms=percentile(waits, 0.95),
        )  # fmt: skip


def questions(wanted: list[Person]) -> dict[str, list[str]]:
    """This function will say what is typed for each of these people, kind by kind (检索词)."""
    return {
        "name": [each.name for each in wanted],
        "surname": [each.name[0] for each in wanted],
        "pinyin": [pinyin_key(each.name) for each in wanted],
        "initials": [initials_key(each.name) for each in wanted],
        "last_four": [each.phone[-4:] for each in wanted if each.phone],
    }
