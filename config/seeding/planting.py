"""Many rows of one model by COPY: fields by name, types from the model, what is not given from the field's default.

The database checks what it checks always (constraints, keys); what a service would add beside the row (audit, announcements) is
not made up: config/seeding/README.md says so, and tests compare rows made here with rows made by services.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from django.apps import apps
from django.db import models

from config.seeding import copying
from config.seeding.copying import Column, Ints

_BY_TYPE: dict[str, Callable[..., Column]] = {
    "BigAutoField": copying.bigint,
    "BigIntegerField": copying.bigint,
    "PositiveBigIntegerField": copying.bigint,
    "ForeignKey": copying.bigint,
    "OneToOneField": copying.bigint,
    "IntegerField": copying.integer,
    "PositiveIntegerField": copying.integer,
    "SmallIntegerField": copying.smallint,
    "PositiveSmallIntegerField": copying.smallint,
    "FloatField": copying.double,
    "BooleanField": copying.boolean,
    "DateField": copying.day,
    "DateTimeField": copying.instant,
}


class FieldMissing(Exception):
    """A field without a default was not given."""


def plant(label: str, count: int, rng: np.random.Generator, **given: Any) -> Ints:
    """Append ``count`` rows of a model (``people.Account``) and return their ids.

    Each field takes a ready Column, an array (ordinals for days, microseconds for instants), a list of texts, or one value for all.
    """
    model = apps.get_model(label)
    table = model._meta.db_table
    columns: dict[str, Column] = {}
    automatic = isinstance(model._meta.pk, models.AutoField | models.BigAutoField)
    ids = copying.reserve_ids(table, count) if automatic and count else np.zeros(0, dtype=np.int64)
    unknown = set(given) - {field.attname for field in model._meta.concrete_fields}
    if unknown:
        msg = f"{label} has no {sorted(unknown)}"
        raise FieldMissing(msg)
    for field in model._meta.concrete_fields:
        if field.primary_key and automatic:
            columns[field.column] = copying.bigint(ids)
        elif field.column is not None and not isinstance(field, models.CompositePrimaryKey):
            columns[field.column] = _column(field, given, count, rng)
    if count:
        copying.copy_columns(table, columns)
    return ids


def _column(field: models.Field[Any, Any], given: Mapping[str, Any], count: int, rng: np.random.Generator) -> Column:
    if field.attname in given:
        return _of(field, given[field.attname], count)
    if isinstance(field, models.UUIDField):
        return copying.uuids(rng, np.full(count, _BIRTH_MICROS))
    if field.has_default():
        return _of(field, field.get_default(), count)
    if field.null:
        return copying.same(None, count)
    if isinstance(field, models.CharField | models.TextField) and field.blank:
        return copying.same(b"", count)
    msg = f"{field.model._meta.label}.{field.attname}"
    raise FieldMissing(msg)


_BIRTH_MICROS = 1_711_386_000_000_000  # 26/3/2024: the day the campaign began; uids carry no meaning


def _of(field: models.Field[Any, Any], value: Any, count: int) -> Column:
    if isinstance(value, Column):
        return value
    kind = field.get_internal_type()
    if isinstance(value, np.ndarray):
        return _BY_TYPE[kind](value)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes) and kind != "JSONField":
        return copying.text(value) if kind in {"CharField", "TextField", "SlugField"} else copying.octets(value)
    return _one(kind, value, count)


def _one(kind: str, value: Any, count: int) -> Column:
    """Return a column that says ``value`` in every row."""
    if kind == "JSONField":
        return copying.same(b"\x01" + json.dumps(value, ensure_ascii=False).encode(), count)
    if value is None:
        return copying.same(None, count)
    if isinstance(value, str):
        return copying.same(value.encode(), count)
    if isinstance(value, bytes):
        return copying.same(value, count)
    if isinstance(value, datetime):
        value = copying.micros_of(value)
    elif isinstance(value, date):
        value = value.toordinal()
    return _BY_TYPE[kind](np.full(count, value))
