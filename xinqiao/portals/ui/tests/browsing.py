"""Browsers of people who have signed in, for the tests of the pages (测试浏览器)."""

from uuid import UUID

from django.test import Client

from xinqiao.accounts.operations import open_session
from xinqiao.accounts.rules import SESSION_KEY
from xinqiao.kit.actor import system
from xinqiao.kit.clock import real_now
from xinqiao.kit.rls import seen_by


def client_of(user_id: UUID | None) -> Client:
    """Give a browser in which this person has signed in, or nobody (已登录的浏览器)."""
    client = Client()
    if user_id is not None:
        by, now = system("test"), real_now()
        with seen_by(by, now):
            stay = open_session(user_id=user_id, by=by, now=now)
        session = client.session
        session[SESSION_KEY] = str(stay)
        session.save()
    return client
