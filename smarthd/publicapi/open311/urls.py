"""Addresses of Open311: discovery beside the API's root, everything else below it; the format is the suffix."""

from __future__ import annotations

from django.urls import path

from smarthd.publicapi.open311 import describing, description, reading, sending
from smarthd.publicapi.open311.asking import door, nowhere

urlpatterns = [
    path("discovery.<str:suffix>", door(get=describing.discovery)),
    path("v2/openapi.json", description.openapi),
    path("v2/services.<str:suffix>", door(get=describing.services)),
    path("v2/services/<str:service_code>.<str:suffix>", door(get=describing.definition)),
    path("v2/requests.<str:suffix>", door(get=reading.requests, post=sending.send)),
    path("v2/requests/<str:service_request_id>.<str:suffix>", door(get=reading.request)),
    path("v2/tokens/<str:token>.<str:suffix>", door(get=reading.token)),
    path("<path:rest>", nowhere),
    path("", nowhere),
]
