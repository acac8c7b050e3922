"""Founding, renaming and placing agencies in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q

from smarthd.agencies import errors
from smarthd.agencies.models import Agency, AgencyEdge, AgencyVersion
from smarthd.agencies.rules.kinds import Kind
from smarthd.kernel import text


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAgency:
    """What is needed to found an agency. ``parent_id`` is its superior in the chain of reporting."""

    kind: Kind
    name: str
    code: str
    short_name: str = ""
    place_id: int | None = None
    parent_id: int | None = None
    legal_document: str = ""


def found_agency(new: NewAgency, *, valid_from: date) -> Agency:
    """Found one agency from a day on. Raises AgencyCodeTaken when another bears the code that day."""
    return found_agencies([new], valid_from=valid_from)[0]


@transaction.atomic
def found_agencies(new: list[NewAgency], *, valid_from: date) -> list[Agency]:
    """Found many agencies from one day on, in bulk and in the given order; all or none."""
    founded = Agency.objects.bulk_create(Agency(kind=item.kind, place_id=item.place_id) for item in new)
    versions = [
        AgencyVersion(
            agency=agency,
            name=text.nfc(item.name),
            folded=searchable(item.name, item.short_name),
            short_name=text.nfc(item.short_name),
            code=item.code.strip().lower(),
            legal_document=item.legal_document,
            valid_from=valid_from,
        )
        for agency, item in zip(founded, new, strict=True)
    ]
    edges = [
        AgencyEdge(child=agency, parent_id=item.parent_id, legal_document=item.legal_document, valid_from=valid_from)
        for agency, item in zip(founded, new, strict=True)
        if item.parent_id is not None
    ]
    try:
        with transaction.atomic():
            AgencyVersion.objects.bulk_create(versions)
    except IntegrityError as error:
        if "agencyversion_code_once_a_day" in str(error):
            raise errors.AgencyCodeTaken(codes=_taken(versions, valid_from), on=valid_from.isoformat()) from error
        raise
    AgencyEdge.objects.bulk_create(edges)
    return founded


def _taken(versions: list[AgencyVersion], on: date) -> list[str]:
    codes = [version.code for version in versions]
    twice = {code for code in codes if codes.count(code) > 1}
    borne = AgencyVersion.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), code__in=codes)
    return sorted(twice | set(borne.values_list("code", flat=True)))


def searchable(name: str, short_name: str) -> str:
    """Return the text a search looks through: the folded name, then the folded short name."""
    return f"{text.fold(name)} {text.fold(short_name)}".strip()[:300]
