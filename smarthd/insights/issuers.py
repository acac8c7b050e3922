"""Who may speak of which units, and how an agency names itself and signs (Decree 30/2020, Annex I)."""

from __future__ import annotations

from datetime import date

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.agencies.selectors import AgencyView
from smarthd.insights import policies
from smarthd.insights.material import Issuer
from smarthd.kernel import text
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places

PROVINCIAL = frozenset({Kind.PROVINCE_COMMITTEE, Kind.DEPARTMENT})
COMMITTEES = frozenset({Kind.PROVINCE_COMMITTEE, Kind.DISTRICT_COMMITTEE, Kind.COMMUNE_COMMITTEE})
_SKIPPED = frozenset({"va", "cua", "ve", "cac"})


def covers(agency: AgencyView, unit_id: int | None, on: date) -> bool:
    """Say whether an agency may report on a unit (None: the province): provincial bodies on all, committees on their own ground."""
    if agency.kind in PROVINCIAL:
        return True
    if unit_id is None or agency.kind not in COMMITTEES or agency.place_id is None:
        return False
    return any(view.id == agency.place_id for view in places.path(unit_id, on))


def usual_issuer(unit_id: int | None, on: date) -> AgencyView | None:
    """Return the committee of a unit, or of the province: who issues when nobody else is named."""
    if unit_id is not None:
        found = agencies.agencies_of_places([unit_id], on, [kind.value for kind in COMMITTEES])
    else:
        found = agencies.agencies_on(on, kinds=[Kind.PROVINCE_COMMITTEE.value])
    return found[0] if found else None


def scopes_for(actor: Actor, on: date) -> list[tuple[int, int | None, str]]:
    """Return (issuer id, unit id or None, words) of everything the actor may report on in the name of an own agency."""
    own = [grant.agency_id for grant in actor.grants if grant.role in policies.MAKERS]
    views = agencies.agency_views(own, on)
    scopes: list[tuple[int, int | None, str]] = []
    for view in sorted(views.values(), key=lambda view: view.name):
        if view.kind in PROVINCIAL:
            scopes.append((view.id, None, f"Toàn tỉnh, do {view.name} lập"))
        elif view.kind in COMMITTEES and view.place_id is not None:
            unit = places.unit_view(view.place_id, on)
            scopes.append((view.id, unit.id, f"{unit.full_name}, do {view.name} lập"))
    return scopes


def issuer(agency: AgencyView, on: date) -> Issuer:
    """Return how an agency stands at the head and the foot of its documents."""
    above = agencies.chain_of(agency.id, on)[1:]
    superior = above[0].name if above else ""
    committee = agency.kind in COMMITTEES
    recipients = [f"{superior} (để báo cáo)"] if superior else []
    return Issuer(
        superior="" if committee else superior,
        name=agency.name,
        symbol=symbol(agency.name),
        place=_place(agency, on),
        signs_for="TM. ỦY BAN NHÂN DÂN" if committee else "",
        signer_title="CHỦ TỊCH"
        if committee
        else "GIÁM ĐỐC"
        if agency.kind == Kind.DEPARTMENT
        else "THỦ TRƯỞNG CƠ QUAN",
        recipients=(*recipients, "Các cơ quan, đơn vị có tên tại phụ lục"),
    )


def symbol(name: str) -> str:
    """Return the letters of an agency in a document's symbol: Sở Thông tin và Truyền thông → STTTT; committees → UBND."""
    words = text.fold(name).split()
    if words[:4] == ["uy", "ban", "nhan", "dan"] or words[:1] == ["ubnd"]:
        return "UBND"
    kept = [word for word in text.nfc(name).split(" ") if text.fold(word) not in _SKIPPED]
    return "".join(word[0].upper() for word in kept if word)


def _place(agency: AgencyView, on: date) -> str:
    """Return the place written before the date: the unit's bare name; a provincial body writes its province's."""
    if agency.place_id is None:
        provinces = places.units_on(on, "province")
        return provinces[0].name if provinces else ""
    return places.unit_view(agency.place_id, on).name
