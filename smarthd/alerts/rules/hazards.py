"""What warnings are about: the kinds of hazard, how each is told in CAP, and what we propose for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from smarthd.alerts.rules.messages import Category, Certainty, Response, Severity, Urgency


class Hazard(StrEnum):
    """Kinds of hazard; the value is the key of its template."""

    STORM = "bao"  # bão, áp thấp nhiệt đới
    RIVER_FLOOD = "lu"  # lũ trên sông
    INUNDATION = "ngap"  # ngập lụt
    THUNDERSTORM = "dong"  # dông, lốc, sét, mưa đá
    HEAT = "nang-nong"  # nắng nóng
    COLD = "ret"  # rét đậm, rét hại
    WILDFIRE = "chay-rung"  # cháy rừng
    DIKE = "vo-de"  # sự cố đê
    CHEMICAL = "hoa-chat"  # sự cố hóa chất
    OUTAGE = "mat-dien-nuoc"  # mất điện, mất nước diện rộng
    EPIDEMIC = "dich-benh"  # dịch bệnh


@dataclass(frozen=True, slots=True)
class HazardFacts:
    """A hazard in words and in CAP. ``levels``: whether it has risk levels by Decision 18/2021/QĐ-TTg (articles on each hazard)."""

    vi: str
    en: str
    icon: str
    categories: tuple[Category, ...]
    responses: tuple[Response, ...]
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    hours: int
    levels: bool = True


_MET = (Category.MET,)
FACTS: dict[Hazard, HazardFacts] = {
    Hazard.STORM: HazardFacts("Bão", "Storm", "storm", _MET, (Response.SHELTER, Response.PREPARE), Urgency.EXPECTED, Severity.SEVERE, Certainty.LIKELY, 12),
    Hazard.RIVER_FLOOD: HazardFacts("Lũ trên sông", "River flood", "water", (Category.MET, Category.GEO), (Response.EVACUATE, Response.AVOID), Urgency.EXPECTED, Severity.SEVERE, Certainty.LIKELY, 12),
    Hazard.INUNDATION: HazardFacts("Ngập lụt", "Flooding", "water", (Category.MET, Category.SAFETY), (Response.AVOID, Response.PREPARE), Urgency.EXPECTED, Severity.MODERATE, Certainty.LIKELY, 12),
    Hazard.THUNDERSTORM: HazardFacts("Dông, lốc, sét", "Thunderstorm", "storm", _MET, (Response.SHELTER,), Urgency.IMMEDIATE, Severity.MODERATE, Certainty.LIKELY, 3),
    Hazard.HEAT: HazardFacts("Nắng nóng", "Heat", "sun", (Category.MET, Category.HEALTH), (Response.AVOID, Response.MONITOR), Urgency.FUTURE, Severity.MODERATE, Certainty.LIKELY, 24),
    Hazard.COLD: HazardFacts("Rét hại", "Severe cold", "house", (Category.MET, Category.HEALTH), (Response.PREPARE,), Urgency.FUTURE, Severity.MODERATE, Certainty.LIKELY, 24),
    Hazard.WILDFIRE: HazardFacts("Cháy rừng", "Wildfire", "fire", (Category.FIRE,), (Response.AVOID, Response.EVACUATE), Urgency.IMMEDIATE, Severity.SEVERE, Certainty.OBSERVED, 12),
    Hazard.DIKE: HazardFacts("Sự cố đê", "Dike failure", "water", (Category.SAFETY, Category.INFRA), (Response.EVACUATE,), Urgency.IMMEDIATE, Severity.EXTREME, Certainty.OBSERVED, 12, levels=False),
    Hazard.CHEMICAL: HazardFacts("Sự cố hóa chất", "Chemical incident", "warning", (Category.CBRNE, Category.ENV), (Response.SHELTER,), Urgency.IMMEDIATE, Severity.SEVERE, Certainty.OBSERVED, 6, levels=False),
    Hazard.OUTAGE: HazardFacts("Mất điện, mất nước", "Power or water outage", "bolt", (Category.INFRA,), (Response.PREPARE,), Urgency.EXPECTED, Severity.MINOR, Certainty.OBSERVED, 12, levels=False),
    Hazard.EPIDEMIC: HazardFacts("Dịch bệnh", "Outbreak of disease", "heart", (Category.HEALTH,), (Response.PREPARE, Response.MONITOR), Urgency.FUTURE, Severity.MODERATE, Certainty.OBSERVED, 168, levels=False),
}  # fmt: skip


def response_words(response: Response) -> str:
    """Return what people are asked to do, in two or three words."""
    return {
        Response.SHELTER: "Trú ẩn tại chỗ",
        Response.EVACUATE: "Sơ tán",
        Response.PREPARE: "Chuẩn bị",
        Response.EXECUTE: "Làm theo kế hoạch",
        Response.AVOID: "Tránh xa",
        Response.MONITOR: "Theo dõi",
        Response.ALL_CLEAR: "Đã an toàn",
    }[response]
