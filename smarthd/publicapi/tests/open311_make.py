"""How a program speaks Open311 to us in tests, and how the answers are read."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from django.http import HttpResponse
from django.test import Client

from smarthd.fieldreports.tests import make
from smarthd.kernel.actor import system

SYSTEM = system("test")
ROOT = "/open311/v2"


def get(path: str, **asked: Any) -> HttpResponse:
    """Ask for an address below the API's root."""
    return Client().get(f"{ROOT}/{path}", asked)


def read(path: str, **asked: Any) -> Any:
    """Return the JSON of an answer that must be right."""
    answer = get(f"{path}.json", **asked)
    assert answer.status_code == 200, answer.content.decode()
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    return answer.json()


def xml(path: str, **asked: Any) -> Element:
    """Return the XML of an answer that must be right."""
    answer = get(f"{path}.xml", **asked)
    assert answer.status_code == 200, answer.content.decode()
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def wanted(land: make.Land, api_key: str, **changes: Any) -> dict[str, Any]:
    """Return what a program sends about a lamp in the first commune; None leaves a parameter out."""
    plain = {
        "api_key": api_key,
        "service_code": "den-duong",
        "lat": str(land.place.lat),
        "long": str(land.place.lon),
        "description": make.WORDS,
    }
    return {name: value for name, value in (plain | changes).items() if value is not None}


def post(land: make.Land, api_key: str, suffix: str = "json", *, headers: dict[str, str] | None = None, **changes: Any):
    """Send a report as a form."""
    body = urlencode(wanted(land, api_key, **changes), doseq=True)
    return Client(headers=headers or {}).post(
        f"{ROOT}/requests.{suffix}", body, content_type="application/x-www-form-urlencoded; charset=utf-8"
    )


def sent(land: make.Land, api_key: str, **changes: Any) -> dict[str, Any]:
    """Send a report that must be taken, and return its one entry."""
    answer = post(land, api_key, **changes)
    assert answer.status_code == 201, answer.content.decode()
    [one] = answer.json()
    return one


def refused(answer: HttpResponse) -> tuple[int, str]:
    """Return the status and the words of an error document in JSON, which must have both."""
    told = answer.json()
    assert isinstance(told, list)
    assert told
    assert all(set(one) == {"code", "description"} and one["code"] == answer.status_code for one in told)
    return answer.status_code, " ".join(one["description"] for one in told)
