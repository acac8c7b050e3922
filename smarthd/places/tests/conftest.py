"""The whole province, imported once a module; each test works on it inside a savepoint of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from smarthd.places.tests import make


@pytest.fixture(scope="module")
def _province_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        make.the_province()
        connection.check_constraints()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def province(_province_once: None, db: None) -> None:
    """The product's catalogues of three dates, with approximate ground and boundary sets."""
