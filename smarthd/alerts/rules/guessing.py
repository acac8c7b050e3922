"""What another sender's message is about, by its words; and its words without the marks we put there ourselves."""

from __future__ import annotations

from smarthd.alerts.rules.hazards import Hazard
from smarthd.kernel import text

# The first that is found decides; the more particular stand first.
_WORDS: tuple[tuple[Hazard, tuple[str, ...]], ...] = (
    (Hazard.DIKE, ("vỡ đê", "sự cố đê", "tràn đê", "dike", "levee")),
    (Hazard.CHEMICAL, ("hóa chất", "hoá chất", "rò rỉ", "chemical", "hazmat")),
    (Hazard.WILDFIRE, ("cháy rừng", "wildfire", "forest fire")),
    (Hazard.EPIDEMIC, ("dịch", "outbreak", "epidemic")),
    (Hazard.THUNDERSTORM, ("dông", "lốc", "sét", "mưa đá", "thunder", "tornado", "hail", "lightning")),
    (Hazard.STORM, ("bão", "áp thấp nhiệt đới", "typhoon", "tropical", "hurricane", "storm")),
    (Hazard.RIVER_FLOOD, ("lũ", "mực nước sông", "river flood")),
    (Hazard.INUNDATION, ("ngập", "mưa lớn", "flood", "heavy rain")),
    (Hazard.HEAT, ("nắng nóng", "heat")),
    (Hazard.COLD, ("rét", "sương muối", "cold", "frost")),
    (Hazard.OUTAGE, ("mất điện", "mất nước", "outage", "power cut")),
)
_NOTICES = ("Đây là diễn tập, không phải tình huống thật. ", "This is a drill, not a real situation. ")
_MARKS = ("DIỄN TẬP: ", "DRILL: ", "GỬI THỬ: ", "TEST: ")


def hazard_of(words: str) -> Hazard:
    """Return the hazard a text speaks of; floods where nothing is recognised, for the officer to correct."""
    spoken = f" {text.nfc(words).casefold()} "  # with its marks: without them "báo" would be a storm
    for hazard, marks in _WORDS:
        if any(f" {mark}" in spoken for mark in marks):
            return hazard
    return Hazard.INUNDATION


def bare(words: str) -> str:
    """Return a text without the marks of a drill: they are put there anew when it goes out, and stand there once."""
    for mark in (*_MARKS, *_NOTICES):
        words = words.removeprefix(mark)
    return words.strip()
