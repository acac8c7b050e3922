"""Builders for difficulties and airings: a small province, its officials, a running campaign, states reached through services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make as agencies_make
from smarthd.kernel.actor import Actor, system
from smarthd.rollout import rules as rollout_rules
from smarthd.rollout import services as rollout
from smarthd.rollout.models import Difficulty
from smarthd.rollout.rules.difficulties import Category, Severity
from smarthd.rollout.services import difficulties as services

NOW = datetime(2024, 4, 15, 3, tzinfo=UTC)  # Monday 15/4/2024, 10:00 in Hải Dương; Thursday 18/4 is a holiday
CAMPAIGN = "thu"
SYSTEM = system("test")
WORDS = "Thôn Đông không có sóng 4G, bà con không mở được ứng dụng ở nhà văn hóa"


@dataclass(frozen=True)
class Province:
    """Agencies, and one official each."""

    world: agencies_make.World
    clerk_a: Actor
    head_a: Actor
    clerk_b: Actor
    district: Actor
    department: Actor
    leader: Actor
    auditor: Actor


def province() -> Province:
    world = agencies_make.world()
    rollout.open_campaign(
        CAMPAIGN,
        title="Chiến dịch thử",
        opens_on=date(2024, 4, 1),
        deadline_at=NOW + timedelta(days=20),
        actor=SYSTEM,
        now=NOW - timedelta(days=10),
    )
    rollout.change_campaign_status(CAMPAIGN, to=rollout_rules.CampaignStatus.RUNNING, actor=SYSTEM, now=NOW)
    officer = agencies_make.officer
    return Province(
        world,
        clerk_a=officer(world.commune_a, Role.CLERK),
        head_a=officer(world.commune_a, Role.HEAD),
        clerk_b=officer(world.commune_b, Role.CLERK),
        district=officer(world.district, Role.HEAD),
        department=officer(world.department, Role.ADMINISTRATOR),
        leader=officer(world.province, Role.HEAD),
        auditor=officer(world.province, Role.AUDITOR),
    )


def raised(here: Province, *, actor: Actor | None = None, now: datetime = NOW, **other: Any) -> Difficulty:
    """Return a difficulty of the first commune, waiting at the district."""
    given: dict[str, Any] = {
        "agency_id": here.world.commune_a,
        "category": Category.NETWORK,
        "severity": Severity.MAJOR,
        "words": WORDS,
        "affected": 120,
        "place_id": None,
    }
    return services.raise_difficulty(CAMPAIGN, **{**given, **other}, actor=actor or here.clerk_a, now=now)


def later(**span: float) -> datetime:
    return NOW + timedelta(**span)
