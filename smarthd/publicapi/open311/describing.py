"""What can be reported and what is asked for it: discovery, the list of services, the definition of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from smarthd.fieldreports.rules.attributes import LONGEST, Datatype, Question
from smarthd.fieldreports.selectors import categories
from smarthd.fieldreports.selectors.categories import CategoryView
from smarthd.kernel import clock
from smarthd.publicapi.open311.asking import Asked
from smarthd.publicapi.open311.faults import Fault
from smarthd.publicapi.open311.formats import Answer, instant

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
ROOT = "/open311/v2"
_SHIPPED = datetime(2024, 1, 1, tzinfo=clock.ZONE)
"""Before any change: what the discovery says of categories nobody has edited yet. It only has to sort below every change."""
_DATATYPES: dict[Datatype, str] = {
    Datatype.STRING: f"Một dòng chữ, nhiều nhất {LONGEST['string']} chữ",
    Datatype.NUMBER: "Một con số",
    Datatype.DATETIME: "Ngày giờ, ví dụ 2026-11-24T08:00:00+07:00",
    Datatype.TEXT: f"Một đoạn văn, nhiều nhất {LONGEST['text']} chữ",
    Datatype.SINGLE: "Chọn một ý",
    Datatype.MULTI: "Chọn một hay nhiều ý",
}


def discovery(asked: Asked) -> Answer:
    """Say where the API is and how to get a key."""
    changed = instant(categories.changed_at() or _SHIPPED)
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{settings.ORIGIN}{ROOT}",
        "changeset": changed,
        "type": "production" if settings.PRODUCTION else "test",
        "formats": ["text/xml", "application/json"],
    }
    told = {
        "changeset": changed,
        "contact": f"Cơ quan vận hành Smart-HaiDuong, số điện thoại ở {settings.ORIGIN}/danh-ba/",
        "key_service": "Xin khóa (api_key) bằng văn bản gửi cơ quan vận hành; khóa được cấp cho từng phần mềm, thu lại được.",
        "endpoints": [endpoint],
    }
    return Answer("discovery", told)


def services(asked: Asked) -> Answer:
    """List what can be reported: every category in use that takes reports, its group beside it."""
    asking = categories.asking()
    listed = [
        _service(leaf, group.name if group is not leaf else "", asks=leaf.key in asking)
        for group in categories.tree()
        for leaf in (group.children or (group,))
    ]
    return Answer("services", listed)


def _service(category: CategoryView, group: str, *, asks: bool) -> dict[str, Any]:
    return {
        "service_code": category.key,
        "service_name": category.name,
        "description": category.hint or None,
        "metadata": asks,
        "type": kind_of(category),
        "keywords": ", ".join(dict.fromkeys(part for part in (category.name.lower(), group.lower()) if part)),
        "group": group or None,
    }


def kind_of(category: CategoryView) -> str:
    """Return when a number is given: at once, or, for what nobody outside may see, after an official has looked at it."""
    return "batch" if category.sensitive else "realtime"


def definition(asked: Asked, service_code: str) -> Answer:
    """List the further questions of one service; a service that asks none has an empty list."""
    found = service(service_code)
    questions = categories.questions(found.key)
    told = [_attribute(question, order) for order, question in enumerate(questions, start=1)]
    return Answer("service_definition", {"service_code": found.key, "attributes": told})


def service(code: str) -> CategoryView:
    """Return a category that takes reports, or a fault with 404: unknown, ended, or a group of others."""
    for group in categories.tree():
        for leaf in group.children or (group,):
            if leaf.key == code:
                return leaf
    raise Fault(f"service_code: không có “{code[:60]}”. Danh sách ở {ROOT}/services.xml.", status=404)


def _attribute(question: Question, order: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "variable": question.variable,
        "code": question.code,
        "datatype": str(question.datatype),
        "required": question.required,
        "datatype_description": _DATATYPES[Datatype(question.datatype)] if question.variable else None,
        "order": order,
        "description": question.description,
    }
    if question.values:
        told["values"] = [{"key": key, "name": name} for key, name in question.values]
    return told
