"""Versions in the catalogue (DCAT 3, chapter 11): the newest that may be taken away, each a dataset of its own with its files."""

from __future__ import annotations

from typing import Any

from smarthd.connectors.selectors.histories import Edition
from smarthd.connectors.selectors.public import Dataset
from smarthd.publicapi.opendata import describing, earlier
from smarthd.publicapi.opendata import vocabularies as words
from smarthd.publicapi.opendata.vocabularies import EU, concept, node, text

MOST = 10
"""Versions of one dataset the catalogue tells; all of them are in the list of the open API."""
_LIKE_THE_DATASET = (
    "dct:publisher",
    "dcat:contactPoint",
    "dcat:keyword",
    "dcat:theme",
    "dct:language",
    "dct:accessRights",
)


def notes(one: Edition) -> dict[str, Any]:
    """Return what a version changed, in words."""
    said = f"Bản {one.number}: thêm {one.added}, đổi {one.changed}, bỏ {one.removed} mục; cả thảy {one.rows} mục."
    return text(said)


def of_dataset(shown: Dataset, offered: list[Edition], whole: dict[str, Any], root: str) -> dict[str, Any]:
    """Return what a dataset, described as ``whole``, says of its versions; nothing where they may not be taken away."""
    if not offered:
        return {}
    told = [
        _version(shown, one, before, whole, root)
        for one, before in zip(offered[:MOST], [*offered[1:MOST], None], strict=False)
    ]
    current = earlier.address(shown.key, shown.version, root)
    return {"dcat:hasVersion": told, "dcat:hasCurrentVersion": {"@id": current}}


def _version(shown: Dataset, one: Edition, before: Edition | None, whole: dict[str, Any], root: str) -> dict[str, Any]:
    at = earlier.address(shown.key, one.number, root)
    issued = {"@value": describing.instant(one.published_at), "@type": "xsd:dateTime"}
    told: dict[str, Any] = {
        "@id": at,
        "@type": "dcat:Dataset",
        "dct:title": text(f"{shown.title}, bản {one.number}"),
        "dct:description": text(shown.summary or shown.title),
        "dct:identifier": f"{shown.key}/{one.number}",
        "dcat:isVersionOf": {"@id": whole["@id"]},
        "dcat:version": str(one.number),
        "adms:versionNotes": notes(one),
        "dct:issued": issued,
        "dcat:distribution": [_distribution(shown, kind, at, issued) for kind in earlier.kinds_of(shown)],
    }
    if before is not None:
        told["dcat:previousVersion"] = {"@id": earlier.address(shown.key, before.number, root)}
    return told | {name: whole[name] for name in _LIKE_THE_DATASET}


def _distribution(shown: Dataset, kind: str, at: str, issued: dict[str, Any]) -> dict[str, Any]:
    href = f"{at}/file.{kind}"
    media = describing.TYPES[kind].partition(";")[0]
    return {
        "@id": f"{at}#{kind}",
        "@type": "dcat:Distribution",
        "dct:title": text(f"{shown.title} ({kind})"),
        "dct:description": text("Cả bản ấy, một tệp."),
        "dcat:accessURL": {"@id": href},
        "dcat:downloadURL": {"@id": href},
        "dct:format": node(f"{EU}/file-type/{words.FILE_TYPES[kind]}", "dct:MediaTypeOrExtent"),
        "dcat:mediaType": node(f"http://www.iana.org/assignments/media-types/{media}", "dct:MediaType"),
        "dct:license": words.licence(shown.licence, *shown.licence_words),
        "dcatap:availability": concept(f"{EU}/planned-availability/AVAILABLE", "Khi cơ quan chủ quản còn cho tải"),
        "dct:modified": issued,
    }
