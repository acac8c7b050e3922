"""The catalogue of open data: DCAT-AP 3.0 as JSON-LD with a context of its own, and the data.json CKAN harvests. All from what is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from smarthd.connectors.selectors import earlier, histories, open_data
from smarthd.connectors.selectors.histories import Edition, Reach
from smarthd.connectors.selectors.public import Dataset
from smarthd.publicapi.opendata import describing, versions
from smarthd.publicapi.opendata import vocabularies as words
from smarthd.publicapi.opendata.vocabularies import EU, concept, frequency, node, text

__all__ = ["CONTEXT", "Facts", "data_json", "facts_of", "frequency", "jsonld"]
CONTEXT: dict[str, Any] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
MOST_KEYWORDS = 12
_OGC_STANDARD = "http://www.opengis.net/doc/IS/ogcapi-features-1/1.0"
_TABLE_SCHEMA = "https://specs.frictionlessdata.io/table-schema/"
_WORDS = {
    "csv": "Cả bộ, một tệp CSV (UTF-8, dấu phẩy, dòng đầu là tên trường).",
    "json": "Cả bộ, một tệp JSON kèm mô tả.",
    "geojson": "Cả bộ, một tệp GeoJSON (RFC 7946).",
    "parquet": "Cả bộ, một tệp Apache Parquet có kiểu cột.",
    "rss": "Các mục đổi gần nhất, RSS 2.0.",
    "ics": "Các mục có ngày, dạng lịch (RFC 5545).",
    "ogc": "Các mục theo trang qua OGC API – Features, có lọc.",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of datasets beside themselves: who publishes each (name, kind of agency), its public versions, what its rows cover,
    and the versions that may be taken away."""

    publishers: Mapping[int, tuple[str, str]]
    editions: Mapping[int, list[Edition]]
    reach: Mapping[int, Reach]
    offered: Mapping[int, list[Edition]]


def facts_of(found: list[Dataset]) -> Facts:
    """Return the facts of datasets: four queries, and their rows once a version."""
    return Facts(
        describing.publishers_of(found),
        histories.editions(found),
        {one.id: histories.reach(one) for one in found},
        earlier.offered(found),
    )


def _instant(moment: datetime | None) -> dict[str, str] | None:
    said = describing.instant(moment)
    return {"@value": said, "@type": "xsd:dateTime"} if said else None


def jsonld(found: list[Dataset], facts: Facts, root: str) -> dict[str, Any]:
    """Return the catalogue as JSON-LD."""
    at = f"{root}/catalog.jsonld"
    issued = [one.published_at for each in facts.editions.values() for one in each]
    told: dict[str, Any] = {
        "@context": CONTEXT,
        "@id": f"{at}#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": text("Dữ liệu mở của tỉnh trên Smart-HaiDuong"),
        "dct:description": text("Các bộ dữ liệu sở, ngành, xã, phường công bố để mọi người dùng lại."),
        "dct:publisher": words.agent(f"{at}#publisher", "Smart-HaiDuong"),
        "dct:language": node(words.VIETNAMESE, "dct:LinguisticSystem"),
        "foaf:homepage": node(f"{root}/du-lieu/mo/", "foaf:Document"),
        "dcat:themeTaxonomy": node(words.TAXONOMY, "skos:ConceptScheme", **{"dct:title": text("Chủ đề dữ liệu của châu Âu")}),
        "dcat:dataset": [_dataset(one, facts, root) for one in found],
        "dcat:service": [_rows_service(found, root), _ogc_service([one for one in found if one.has_map], root)],
    }  # fmt: skip
    if changed := max((one.changed_at for one in found if one.changed_at), default=None):
        told["dct:modified"] = _instant(changed)
    if issued:
        told["dct:issued"] = _instant(min(issued))
    if boxes := [one.box for one in facts.reach.values() if one.box]:
        wests, souths, easts, norths = zip(*boxes, strict=True)
        told["dct:spatial"] = words.box(min(wests), min(souths), max(easts), max(norths))
    return told


def _address(shown: Dataset, root: str) -> str:
    return f"{root}/api/v1/datasets/{shown.key}"


def _dataset(shown: Dataset, facts: Facts, root: str) -> dict[str, Any]:
    address, page = _address(shown, root), f"{root}/du-lieu/{shown.key}/"
    publisher, kind = facts.publishers.get(shown.agency_id, (shown.attribution, ""))
    told: dict[str, Any] = {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:title": text(shown.title),
        "dct:description": text(shown.summary or shown.title),
        "dct:identifier": shown.key,
        "dct:publisher": words.agent(f"{root}/catalog.jsonld#agency-{shown.agency_id}", publisher, kind),
        "dcat:contactPoint": {
            "@type": ["vcard:Kind", "vcard:Organization"],
            "vcard:fn": text(publisher),
            "vcard:hasURL": {"@id": page},
        },
        "dcat:landingPage": node(page, "foaf:Document"),
        "dcat:version": str(shown.version),
        "dcat:keyword": [text(word) for word in keywords(shown)],
        "dcat:theme": words.theme(shown.template),
        "dct:language": node(words.VIETNAMESE, "dct:LinguisticSystem"),
        "dct:accessRights": node(f"{EU}/access-right/PUBLIC", "dct:RightsStatement"),
        "dct:accrualPeriodicity": node(f"{EU}/frequency/{frequency(shown.promise_hours)}", "dct:Frequency"),
        "dcat:distribution": [_distribution(shown, kind, href, root) for kind, href in _formats(shown, root).items()],
    }
    if shown.attribution:
        told["dct:provenance"] = {"@type": "dct:ProvenanceStatement", "dct:description": text(shown.attribution)}
    told |= _times(shown, facts.editions.get(shown.id, [])) | _covered(facts.reach.get(shown.id))
    return told | versions.of_dataset(shown, facts.offered.get(shown.id, []), told, root)


def _times(shown: Dataset, editions: list[Edition]) -> dict[str, Any]:
    told: dict[str, Any] = {"dct:modified": _instant(shown.changed_at)} if shown.changed_at else {}
    if editions:
        told |= {"dct:issued": _instant(editions[-1].published_at), "adms:versionNotes": versions.notes(editions[0])}
    return told


def _covered(reach: Reach | None) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if reach and reach.box:
        told["dct:spatial"] = words.box(*reach.box)
    if reach and reach.span:
        first, last = ({"@value": one[:10], "@type": "xsd:date"} for one in reach.span)
        told["dct:temporal"] = {"@type": "dct:PeriodOfTime", "dcat:startDate": first, "dcat:endDate": last}
    return told


def keywords(shown: Dataset) -> list[str]:
    """Return what a dataset is found by: its name and the names of its fields."""
    labels = [shown.title, *(one.label for one in open_data.fields_of(shown))]
    return list(dict.fromkeys(label.strip().lower() for label in labels if label.strip()))[:MOST_KEYWORDS]


def _formats(shown: Dataset, root: str) -> dict[str, str]:
    links = describing.links(shown, root)
    return {**links["files"], **links["feeds"], **({"ogc": f"{links['ogc']}/items"} if shown.has_map else {})}


def _media(kind: str) -> str:
    return describing.TYPES["geojson" if kind == "ogc" else kind].partition(";")[0]


def _distribution(shown: Dataset, kind: str, href: str, root: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@id": f"{_address(shown, root)}#{kind}",
        "@type": "dcat:Distribution",
        "dct:title": text(f"{shown.title} ({kind})"),
        "dct:description": text(_WORDS[kind]),
        "dcat:accessURL": {"@id": href},
        "dct:format": node(f"{EU}/file-type/{words.FILE_TYPES[kind]}", "dct:MediaTypeOrExtent"),
        "dcat:mediaType": node(f"http://www.iana.org/assignments/media-types/{_media(kind)}", "dct:MediaType"),
        "dct:license": words.licence(shown.licence, *shown.licence_words),
        "dcatap:availability": concept(f"{EU}/planned-availability/STABLE", "Lâu dài"),
    }
    if kind in open_data.file_kinds(shown):
        told["dcat:downloadURL"] = {"@id": href}
    if kind in {"csv", "parquet"}:
        told["dct:conformsTo"] = node(_TABLE_SCHEMA, "dct:Standard")
    if kind == "ogc":
        told["dcat:accessService"] = {"@id": f"{root}/ogc/"}
    if shown.changed_at:
        told["dct:modified"] = _instant(shown.changed_at)
    return told


def _rows_service(found: list[Dataset], root: str) -> dict[str, Any]:
    return {
        "@id": f"{root}/api/v1/",
        "@type": "dcat:DataService",
        "dct:title": text("Giao tiếp dữ liệu mở"),
        "dcat:endpointURL": {"@id": f"{root}/api/v1/datasets"},
        "dcat:endpointDescription": {"@id": f"{root}/api/v1/openapi.json"},
        "dcat:servesDataset": [{"@id": _address(one, root)} for one in found],
    }


def _ogc_service(found: list[Dataset], root: str) -> dict[str, Any]:
    return {
        "@id": f"{root}/ogc/",
        "@type": "dcat:DataService",
        "dct:title": text("OGC API – Features"),
        "dcat:endpointURL": {"@id": f"{root}/ogc/"},
        "dcat:endpointDescription": {"@id": f"{root}/ogc/api"},
        "dct:conformsTo": node(_OGC_STANDARD, "dct:Standard"),
        "dcat:servesDataset": [{"@id": _address(one, root)} for one in found],
    }


def data_json(found: list[Dataset], facts: Facts, root: str) -> dict[str, Any]:
    """Return the catalogue as the JSON that CKAN's DCAT JSON harvester reads: datasets and their distributions, flat."""
    return {"dataset": [_flat(one, facts, root) for one in found]}


def _flat(shown: Dataset, facts: Facts, root: str) -> dict[str, Any]:
    files = open_data.file_kinds(shown)
    publisher, _kind = facts.publishers.get(shown.agency_id, (shown.attribution, ""))
    editions, reach = facts.editions.get(shown.id, []), facts.reach.get(shown.id)
    return {
        "identifier": shown.key,
        "title": shown.title,
        "description": shown.summary or shown.title,
        "landingPage": f"{root}/du-lieu/{shown.key}/",
        "modified": describing.instant(shown.changed_at),
        "language": ["vi"],
        "keyword": keywords(shown),
        "issued": describing.instant(editions[-1].published_at) if editions else None,
        "accrualPeriodicity": frequency(shown.promise_hours),
        "theme": [words.theme(shown.template)["@id"]],
        "spatial": ",".join(map(str, reach.box)) if reach and reach.box else None,
        "temporal": "/".join(one[:10] for one in reach.span) if reach and reach.span else None,
        "contactPoint": {"fn": publisher, "hasURL": f"{root}/du-lieu/{shown.key}/"},
        "accessLevel": "public",
        "license": shown.licence_words[1],
        "publisher": {"name": publisher},
        "distribution": [
            {
                "title": f"{shown.title} ({kind})",
                "format": kind,
                "mediaType": _media(kind),
                ("downloadURL" if kind in files else "accessURL"): href,
            }
            for kind, href in _formats(shown, root).items()
        ],
    }
