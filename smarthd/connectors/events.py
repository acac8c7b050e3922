"""Facts this context announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DatasetPublished:
    """A version became public. Who follows the dataset may be told; counts are of rows."""

    source_uid: UUID
    key: str
    number: int
    added: int
    changed: int
    removed: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DatasetHeld:
    """A reading was held back, stopped or failed; ``words`` says why, for the owner."""

    source_uid: UUID
    key: str
    agency_id: int
    title: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DatasetStale:
    """A dataset is older than its owner promised."""

    source_uid: UUID
    key: str
    agency_id: int
    title: str
    promise_hours: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RowsFindable:
    """The words of a dataset are those of its public version."""

    source_id: int
    key: str
    version: int
