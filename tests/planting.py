"""Worlds planted once for a module, as each of its tests' own: a test writes what it likes and is rolled back to the planting.

    _desk = planted_once(lambda _folder: reporting.desk())

    @pytest.fixture
    def desk(_desk: Desk, db: None) -> Desk:  # in this order: what is planted lies outside the test's own transaction
        return copy.deepcopy(_desk)

A module whose tests commit (``transaction=True``) plants for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction


def settle() -> None:
    """Check what the database put off, once: else every test's end would check the whole planting again, as its savepoint gives it back."""
    connection.check_constraints()


def planted_once(plant: Callable[[Path], Any]) -> Any:
    """Return a module-scoped fixture that holds what ``plant`` made (given a folder), rolled back after the module's last test."""

    @pytest.fixture(scope="module")
    def planted(
        django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
    ) -> Iterator[Any]:
        with django_db_blocker.unblock():
            held = transaction.atomic()
            held.__enter__()
            made = plant(tmp_path_factory.mktemp("planted"))
            settle()
        yield made
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            held.__exit__(None, None, None)

    return planted
