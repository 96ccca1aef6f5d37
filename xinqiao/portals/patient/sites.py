"""Whose page this is (机构站点): by the host, as docs/decisions/0012-patient-addresses.md says."""

from xinqiao.directory.queries import find_organisation_by_domain, organisations
from xinqiao.kit.errors import NotFound
from xinqiao.kit.requests import SeenRequest


class NoSite(NotFound):
    """这个网址没有对应的医院。请从医院发给您的短信链接或公众号进入。"""


def find_site(request: SeenRequest):
    """This function will find the organisation whose page this host shows, or None (查站点).

    By the host's own name or the name above it; an installation with one organisation shows it at any host.
    """
    host = request.get_host().partition(":")[0]
    found = find_organisation_by_domain(host) or find_organisation_by_domain(host.partition(".")[2])
    return found or _only(request)


def get_site(request: SeenRequest):
    """This function will give the organisation whose page this host shows; raises NoSite (取站点)."""
    if (found := find_site(request)) is None:
        raise NoSite
    return found


def _only(request: SeenRequest):
    known = list(organisations(request.actor)[:2])
    return known[0] if len(known) == 1 else None
