"""The code lists a DCAT-AP catalogue names things by, with the Vietnamese word of each: the EU's authority tables and ADMS.

Sources: https://op.europa.eu/en/web/eu-vocabularies (data-theme, file-type, frequency, access-right, licence, planned-availability),
http://purl.org/adms (publisher and licence types). Addresses are written down here; nothing is fetched.
"""

from __future__ import annotations

from typing import Any

EU = "http://publications.europa.eu/resource/authority"
VIETNAMESE = f"{EU}/language/VIE"
TAXONOMY = f"{EU}/data-theme"
FILE_TYPES = {
    "csv": "CSV", "json": "JSON", "geojson": "GEOJSON", "parquet": "PARQUET", "rss": "RSS", "ics": "ICS", "ogc": "GEOJSON",
}  # fmt: skip
THEMES = {
    "truong-hoc": "EDUC", "nha-thuoc": "HEAL", "nha-thuoc-truc": "HEAL", "gio-tram-y-te": "HEAL", "cat-dien-nuoc": "ENER",
    "tuyen-xe-buyt": "TRAN", "lich-su-kien": "SOCI", "tram-sac-bai-do": "TRAN", "camera": "TRAN", "du-lich-di-tich": "EDUC",
    "gia-cho": "ECON", "viec-lam": "SOCI", "ocop": "AGRI", "cung-cau": "AGRI", "bang-gia-dat": "ECON", "quy-hoach": "REGI",
    "muc-phat": "JUST", "phi-le-phi": "GOVE", "muc-nuoc-mua": "ENVI", "luong-mua": "ENVI", "khong-khi": "ENVI", "noi-tranh-tru": "GOVE",
}  # fmt: skip
"""Templates and the European data theme of what they hold; a dataset made without one is told as government and public sector."""
OTHER_THEME = "GOVE"
THEME_WORDS = {
    "AGRI": "Nông nghiệp, thực phẩm", "ECON": "Kinh tế, tài chính", "EDUC": "Giáo dục, văn hóa", "ENER": "Năng lượng",
    "ENVI": "Môi trường", "GOVE": "Chính quyền, khu vực công", "HEAL": "Y tế", "JUST": "Tư pháp, an toàn", "REGI": "Vùng, đô thị",
    "SOCI": "Dân số, xã hội", "TRAN": "Giao thông",
}  # fmt: skip
_FREQUENCIES = (
    (1, "HOURLY"),
    (24, "DAILY"),
    (168, "WEEKLY"),
    (744, "MONTHLY"),
    (2_208, "QUARTERLY"),
    (8_784, "ANNUAL"),
)
_LICENCES = {
    "cc-by-4.0": ("CC_BY_4_0", "Attribution", "Ghi nguồn"),
    "cc0-1.0": ("CC0", "PublicDomain", "Thuộc về mọi người"),
}
_PUBLISHERS = {
    "commune_committee": ("LocalAuthority", "Chính quyền cấp xã"),
    "enterprise": ("Company", "Doanh nghiệp"),
    "school": ("Academia-ScientificOrganisation", "Cơ sở giáo dục"),
}
_AUTHORITY = ("RegionalAuthority", "Cơ quan cấp tỉnh")


def text(words: str) -> dict[str, str]:
    """Return words as a literal in Vietnamese."""
    return {"@value": words, "@language": "vi"}


def node(address: str, kind: str, **more: Any) -> dict[str, Any]:
    """Return a node of a class."""
    return {"@id": address, "@type": kind, **more}


def concept(address: str, words: str) -> dict[str, Any]:
    """Return a concept of a code list with its word."""
    return node(address, "skos:Concept", **{"skos:prefLabel": text(words)})


def frequency(promise_hours: int | None) -> str:
    """Return how often a dataset is promised to be confirmed, as the European code list names it."""
    if promise_hours is None:
        return "IRREG"
    return next((name for hours, name in _FREQUENCIES if promise_hours <= hours), "IRREG")


def theme(template: str) -> dict[str, Any]:
    """Return the theme of what a template holds."""
    key = THEMES.get(template, OTHER_THEME)
    return concept(f"{TAXONOMY}/{key}", THEME_WORDS[key])


def licence(key: str, name: str, page: str) -> dict[str, Any]:
    """Return a licence by its address in the authority's table, its page for people beside it."""
    code, kind, words = _LICENCES[key]
    return node(
        f"{EU}/licence/{code}", "dct:LicenseDocument",
        **{"dct:title": name, "rdfs:seeAlso": {"@id": page}, "dct:type": concept(f"http://purl.org/adms/licencetype/{kind}", words)},
    )  # fmt: skip


def agent(address: str, name: str, kind: str = "") -> dict[str, Any]:
    """Return who publishes, with the ADMS type of a kind of agency."""
    key, words = _PUBLISHERS.get(kind, _AUTHORITY)
    return node(
        address, "foaf:Agent", **{"foaf:name": text(name), "dct:type": concept(f"http://purl.org/adms/publishertype/{key}", words)}
    )  # fmt: skip


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """Return a place as the box around it and its middle, WKT in longitude and latitude (DCAT 3, dcat:bbox)."""
    ring = ", ".join(f"{x} {y}" for x, y in ((west, south), (east, south), (east, north), (west, north), (west, south)))
    middle = f"POINT({(west + east) / 2:.6f} {(south + north) / 2:.6f})"
    return {"@type": "dct:Location", "dcat:bbox": _wkt(f"POLYGON(({ring}))"), "dcat:centroid": _wkt(middle)}


def _wkt(told: str) -> dict[str, str]:
    return {"@value": told, "@type": "geo:wktLiteral"}
