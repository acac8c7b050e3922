"""What citizens do with their reports in the stories of the desk: through the services, in a process of its own beside the site."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.environment import ROOT

if TYPE_CHECKING:
    from tests.journeys.conftest import Site

_HEAD = """
import json, os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
import django
django.setup()
from django.contrib.auth import get_user_model
from config.seeding import accounts
from smarthd.agencies import selectors as agencies
from smarthd.fieldreports.rules.intake import PlaceSource
from smarthd.fieldreports.services import answering, intake, speaking
from smarthd.fieldreports.services.intake import NewReport
from smarthd.fieldreports.values import Caller
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
asked = json.loads(sys.stdin.read())
now = clock.now()
home = next(unit for unit in places.units_on(clock.today(), "commune") if unit.name == accounts.HOME)
"""
_SEND = """
made = []
for one in asked:
    account = get_user_model().objects.create(full_name=one["name"], created_at=now)
    new = NewReport(
        words=one["words"], category_key=one["category"], lat=home.lat + one["north"], lon=home.lon, place_source=PlaceSource.PIN, name=one["name"],
    )
    done = intake.send_report(new, caller=Caller(Actor(account_id=account.pk)), address="", now=now)
    made.append({"code": done.code, "account": account.pk, "holder": done.holder_name})
print(json.dumps(made))
"""
_SAY = """
caller = Caller(Actor(account_id=asked["account"]))
act = {"contest": speaking.contest, "reopen": answering.reopen, "confirm": answering.confirm}[asked["act"]]
act(asked["code"], words=asked["words"], caller=caller, now=now)
print("[]")
"""


def _run(site: Site, code: str, asked: Any) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", _HEAD + code],
        input=json.dumps(asked), env=site.environ, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def sent(site: Site, words: list[str], *, category: str, north: float = 0.0) -> list[dict[str, Any]]:
    """Send a report of the demonstration's own ward for each text, each by somebody of their own; return code, account, holder."""
    asked = [
        {"words": one, "category": category, "north": north, "name": f"Người gửi {number}"}
        for number, one in enumerate(words, start=1)
    ]
    return list(_run(site, _SEND, asked))


def says(site: Site, report: dict[str, Any], act: str, words: str = "") -> None:
    """Let who sent a report contest, reopen or confirm."""
    _run(site, _SAY, {"code": report["code"], "account": report["account"], "act": act, "words": words})


_WITHOUT = """
from smarthd.agencies import services as agency_services
from smarthd.fieldreports.services import telling
from smarthd.kernel.actor import system
day = clock.today()
for unit in places.units_on(day, "commune"):
    named = [one for one in places.resolve_name(unit.full_name, day) if one.level == "commune" and one.standing]
    found = agencies.agencies_of_places([unit.id], day, kinds=["commune_committee"])
    if len(named) == 1 and found and not telling.holders(found[0].id, now):
        agency_services.set_mailbox(found[0].id, address=asked, actor=system("journeys"), now=now)
        print(json.dumps(unit.full_name))
        break
"""


def without_accounts(site: Site, *, mailbox: str) -> str:
    """Give a mailbox to the committee of a commune where nobody handles reports by an account; return the commune's name."""
    return str(_run(site, _WITHOUT, mailbox))
