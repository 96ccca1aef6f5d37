"""Pytest: our own database set-up takes the place of pytest-django's."""

from xinqiao.config.testing import django_db_setup

__all__ = ["django_db_setup"]
