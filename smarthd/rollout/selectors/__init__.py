"""Reads of the roll-out: figures by unit and agency, each with numerator, denominator, source and date."""

from __future__ import annotations

from smarthd.rollout.selectors.bases import Base, bases_of, denominators_of
from smarthd.rollout.selectors.disciplines import Compared, Discipline, UnitDiscipline, compared, discipline
from smarthd.rollout.selectors.doubts import Doubt, doubts_for, own_doubt
from smarthd.rollout.selectors.headlines import Headline, headline
from smarthd.rollout.selectors.histories import Point, history, staff_trend, trend
from smarthd.rollout.selectors.indicators import Indicator, indicators
from smarthd.rollout.selectors.laggards import Laggard, laggards
from smarthd.rollout.selectors.letters import LateUnit, LetterView, letter_for, letters_for, letters_signed
from smarthd.rollout.selectors.orders import CampaignView, TargetView, campaign, campaigns, running_campaign
from smarthd.rollout.selectors.origins import Part, rows_behind
from smarthd.rollout.selectors.owed import (
    Answer,
    Burden,
    Completeness,
    Owed,
    ReportSeen,
    board,
    burden,
    completeness,
    consolidations,
    field_sums,
    owed_by,
    period,
    periods_of,
    queue_of,
    report_for,
    to_accept,
)
from smarthd.rollout.selectors.staff import (
    LadderPerson,
    StaffLadder,
    StaffRow,
    StaffTable,
    staff_by_unit,
    staff_ladder,
    staff_table,
)
from smarthd.rollout.selectors.tables import table
from smarthd.rollout.selectors.values import Figure, Row, Table

__all__ = [
    "Answer",
    "Base",
    "Burden",
    "CampaignView",
    "Compared",
    "Completeness",
    "Discipline",
    "Doubt",
    "Figure",
    "Headline",
    "Indicator",
    "LadderPerson",
    "Laggard",
    "LateUnit",
    "LetterView",
    "Owed",
    "Part",
    "Point",
    "ReportSeen",
    "Row",
    "StaffLadder",
    "StaffRow",
    "StaffTable",
    "Table",
    "TargetView",
    "UnitDiscipline",
    "bases_of",
    "board",
    "burden",
    "campaign",
    "campaigns",
    "compared",
    "completeness",
    "consolidations",
    "denominators_of",
    "discipline",
    "doubts_for",
    "field_sums",
    "headline",
    "history",
    "indicators",
    "laggards",
    "letter_for",
    "letters_for",
    "letters_signed",
    "owed_by",
    "own_doubt",
    "period",
    "periods_of",
    "queue_of",
    "report_for",
    "rows_behind",
    "running_campaign",
    "staff_by_unit",
    "staff_ladder",
    "staff_table",
    "staff_trend",
    "table",
    "to_accept",
    "trend",
]
