"""A reported number beside what the platform measured."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ACCEPTED = (0.90, 1.10)
EXPLAINED = (0.75, 1.33)
FEWEST_PERSONS = 20
LARGEST_SHARE = 0.10


class Verdict(StrEnum):
    """What follows from the factor."""

    NOTHING_TO_COMPARE = "nothing_to_compare"  # không có gì để đối chiếu
    ACCEPTED = "accepted"  # khớp
    EXPLAIN = "explain"  # lệch, cần giải trình
    RETURN = "return"  # lệch quá mức, phải trả lại


WORDS: dict[Verdict, str] = {
    Verdict.NOTHING_TO_COMPARE: "không có số đo để đối chiếu",
    Verdict.ACCEPTED: "khớp với số đo",
    Verdict.EXPLAIN: "lệch với số đo, cần giải trình",
    Verdict.RETURN: "lệch quá mức, cần trả lại",
}


@dataclass(frozen=True, slots=True)
class Verification:
    """Measured ÷ reported, and what follows."""

    measured: float
    reported: float | None
    factor: float | None
    verdict: Verdict


def verify(*, measured: float | None, reported: float | None) -> Verification:
    """Compare a reported count of persons with the measured one.

    0.90-1.10 is accepted; 0.75-0.90 and 1.10-1.33 are to be explained; beyond, the report goes back if the difference is at least
    20 persons or a tenth of what was measured, whichever is more (a small unit is not sent back over two persons).
    """
    if measured is None or reported is None:
        return Verification(measured or 0.0, reported, None, Verdict.NOTHING_TO_COMPARE)
    if reported == 0:
        verdict = Verdict.ACCEPTED if measured == 0 else _beyond(measured, reported)
        return Verification(measured, reported, None, verdict)
    factor = measured / reported
    if ACCEPTED[0] <= factor <= ACCEPTED[1]:
        verdict = Verdict.ACCEPTED
    elif EXPLAINED[0] <= factor <= EXPLAINED[1]:
        verdict = Verdict.EXPLAIN
    else:
        verdict = _beyond(measured, reported)
    return Verification(measured, reported, factor, verdict)


def _beyond(measured: float, reported: float) -> Verdict:
    far = abs(measured - reported) >= max(FEWEST_PERSONS, LARGEST_SHARE * measured)
    return Verdict.RETURN if far else Verdict.EXPLAIN
