"""The catalogue of open data: DCAT-AP 3.0.1 as JSON-LD with a context of its own, and the data.json CKAN harvests. All from what is published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from smarthd.connectors.selectors import open_data
from smarthd.connectors.selectors.public import Dataset
from smarthd.publicapi.opendata import describing

_EU = "http://publications.europa.eu/resource/authority"
_VI = f"{_EU}/language/VIE"
CONTEXT: dict[str, Any] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
FILE_TYPES = {
    "csv": "CSV", "json": "JSON", "geojson": "GEOJSON", "parquet": "PARQUET", "rss": "RSS", "ics": "ICS", "ogc": "GEOJSON",
}  # fmt: skip
THEMES = {
    "truong-hoc": "EDUC", "nha-thuoc": "HEAL", "cat-dien-nuoc": "ENER", "bang-gia-dat": "ECON", "gia-cho": "ECON",
    "tuyen-xe-buyt": "TRAN", "muc-nuoc-mua": "ENVI",
}  # fmt: skip
"""Templates and the European data theme of what they hold."""
_FREQUENCIES = (
    (1, "HOURLY"),
    (24, "DAILY"),
    (168, "WEEKLY"),
    (744, "MONTHLY"),
    (2_208, "QUARTERLY"),
    (8_784, "ANNUAL"),
)
_OGC_STANDARD = "http://www.opengis.net/doc/IS/ogcapi-features-1/1.0"


def _text(words: str) -> dict[str, str]:
    return {"@value": words, "@language": "vi"}


def _node(address: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"@id": address, "@type": kind, **more}


def _instant(moment: datetime | None) -> dict[str, str] | None:
    said = describing.instant(moment)
    return {"@value": said, "@type": "xsd:dateTime"} if said else None


def frequency(promise_hours: int | None) -> str:
    """Return how often a dataset is promised to be confirmed, as the European code list names it."""
    if promise_hours is None:
        return "IRREG"
    return next((name for hours, name in _FREQUENCIES if promise_hours <= hours), "IRREG")


def _agent(address: str, name: str) -> dict[str, Any]:
    return _node(address, "foaf:Agent", **{"foaf:name": _text(name)})


def jsonld(found: list[Dataset], names: dict[int, str], root: str) -> dict[str, Any]:
    """Return the catalogue as JSON-LD."""
    changed = max((one.changed_at for one in found if one.changed_at), default=None)
    at = f"{root}/catalog.jsonld"
    told: dict[str, Any] = {
        "@context": CONTEXT,
        "@id": f"{at}#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": _text("Dữ liệu mở của tỉnh trên Smart-HaiDuong"),
        "dct:description": _text("Các bộ dữ liệu sở, ngành, xã, phường công bố để mọi người dùng lại."),
        "dct:publisher": _agent(f"{at}#publisher", "Smart-HaiDuong"),
        "dct:language": _node(_VI, "dct:LinguisticSystem"),
        "foaf:homepage": _node(f"{root}/du-lieu/mo/", "foaf:Document"),
        "dcat:dataset": [_dataset(one, describing.publisher(one, names), root) for one in found],
        "dcat:service": [_rows_service(found, root), _ogc_service([one for one in found if one.has_map], root)],
    }
    if changed is not None:
        told["dct:modified"] = _instant(changed)
    return told


def _address(shown: Dataset, root: str) -> str:
    return f"{root}/api/v1/datasets/{shown.key}"


def _dataset(shown: Dataset, publisher: str, root: str) -> dict[str, Any]:
    address = _address(shown, root)
    page = f"{root}/du-lieu/{shown.key}/"
    told: dict[str, Any] = {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:title": _text(shown.title),
        "dct:description": _text(shown.summary or shown.title),
        "dct:identifier": shown.key,
        "dct:publisher": _agent(f"{root}/catalog.jsonld#agency-{shown.agency_id}", publisher),
        "dcat:contactPoint": {
            "@type": ["vcard:Kind", "vcard:Organization"],
            "vcard:fn": _text(publisher),
            "vcard:hasURL": {"@id": page},
        },
        "dcat:landingPage": _node(page, "foaf:Document"),
        "dcat:version": str(shown.version),
        "dct:language": _node(_VI, "dct:LinguisticSystem"),
        "dct:accessRights": _node(f"{_EU}/access-right/PUBLIC", "dct:RightsStatement"),
        "dct:accrualPeriodicity": _node(f"{_EU}/frequency/{frequency(shown.promise_hours)}", "dct:Frequency"),
        "dcat:distribution": [_distribution(shown, kind, href, root) for kind, href in _formats(shown, root).items()],
    }
    if shown.changed_at:
        told["dct:modified"] = _instant(shown.changed_at)
    if shown.template in THEMES:
        told["dcat:theme"] = _node(f"{_EU}/data-theme/{THEMES[shown.template]}", "skos:Concept")
    if shown.attribution:
        told["dct:provenance"] = {"@type": "dct:ProvenanceStatement", "dct:description": _text(shown.attribution)}
    return told


def _formats(shown: Dataset, root: str) -> dict[str, str]:
    links = describing.links(shown, root)
    return {**links["files"], **links["feeds"], **({"ogc": f"{links['ogc']}/items"} if shown.has_map else {})}


def _media(kind: str) -> str:
    return describing.TYPES["geojson" if kind == "ogc" else kind].partition(";")[0]


def _distribution(shown: Dataset, kind: str, href: str, root: str) -> dict[str, Any]:
    name, licence = shown.licence_words
    told: dict[str, Any] = {
        "@id": f"{_address(shown, root)}#{kind}",
        "@type": "dcat:Distribution",
        "dct:title": _text(f"{shown.title} ({kind})"),
        "dcat:accessURL": {"@id": href},
        "dct:format": _node(f"{_EU}/file-type/{FILE_TYPES[kind]}", "dct:MediaTypeOrExtent"),
        "dcat:mediaType": _node(f"http://www.iana.org/assignments/media-types/{_media(kind)}", "dct:MediaType"),
        "dct:license": _node(licence, "dct:LicenseDocument", **{"dct:title": name}),
        "dcatap:availability": _node(f"{_EU}/planned-availability/STABLE", "skos:Concept"),
    }
    if kind in open_data.file_kinds(shown):
        told["dcat:downloadURL"] = {"@id": href}
    if kind == "ogc":
        told["dcat:accessService"] = {"@id": f"{root}/ogc/"}
    if shown.changed_at:
        told["dct:modified"] = _instant(shown.changed_at)
    return told


def _rows_service(found: list[Dataset], root: str) -> dict[str, Any]:
    return {
        "@id": f"{root}/api/v1/",
        "@type": "dcat:DataService",
        "dct:title": _text("Giao tiếp dữ liệu mở"),
        "dcat:endpointURL": {"@id": f"{root}/api/v1/datasets"},
        "dcat:endpointDescription": {"@id": f"{root}/api/v1/openapi.json"},
        "dcat:servesDataset": [{"@id": _address(one, root)} for one in found],
    }


def _ogc_service(found: list[Dataset], root: str) -> dict[str, Any]:
    return {
        "@id": f"{root}/ogc/",
        "@type": "dcat:DataService",
        "dct:title": _text("OGC API – Features"),
        "dcat:endpointURL": {"@id": f"{root}/ogc/"},
        "dcat:endpointDescription": {"@id": f"{root}/ogc/api"},
        "dct:conformsTo": _node(_OGC_STANDARD, "dct:Standard"),
        "dcat:servesDataset": [{"@id": _address(one, root)} for one in found],
    }


def data_json(found: list[Dataset], names: dict[int, str], root: str) -> dict[str, Any]:
    """Return the catalogue as the JSON that CKAN's DCAT JSON harvester reads: datasets and their distributions, flat."""
    return {"dataset": [_flat(one, describing.publisher(one, names), root) for one in found]}


def _flat(shown: Dataset, publisher: str, root: str) -> dict[str, Any]:
    files = open_data.file_kinds(shown)
    return {
        "identifier": shown.key,
        "title": shown.title,
        "description": shown.summary or shown.title,
        "landingPage": f"{root}/du-lieu/{shown.key}/",
        "modified": describing.instant(shown.changed_at),
        "language": ["vi"],
        "keyword": [],
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
