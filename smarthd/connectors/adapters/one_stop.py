"""A one-stop system asked over REST: one GET a dossier; where its answer keeps each part is data of the place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from smarthd.connectors.adapters import documents, rest
from smarthd.connectors.adapters.web import Web
from smarthd.connectors.ports import NotThere, SourceRefused
from smarthd.connectors.rules.dossiers import Dossier, DossierStep
from smarthd.kernel import text

MOST_STEPS = 60
_DONE = {"true", "1", "done", "finished", "có", "đã xong"}


class OneStopRest:
    """Asks one system. ``place``: url with ``{code}``, auth as for REST sources, and a path for each of PARTS (its own name by default)."""

    def __init__(self, place: Mapping[str, object], *, secret: Mapping[str, str], web: Web) -> None:
        self._place = place
        self._secret = secret
        self._web = web

    def ask(self, code: str) -> Dossier | None:
        """Return where a dossier stands; only the parts named here are read from the answer."""
        url = str(self._place.get("url") or "").replace("{code}", quote(code, safe=""))
        headers = {"Accept": "application/json", **rest.let_in(self._place, self._secret, self._web)}
        try:
            answer = self._web.get(url, headers=headers)
        except NotThere:
            return None
        told = documents.parsed_json(answer.body)
        if not isinstance(told, Mapping):
            msg = "câu trả lời không phải một hồ sơ"
            raise SourceRefused(msg)
        state = self._words(told, "state")
        if not state:
            msg = "câu trả lời không nêu tình trạng hồ sơ"
            raise SourceRefused(msg)
        return Dossier(
            code=code,
            procedure=self._words(told, "procedure"),
            state=state,
            where=self._words(told, "where"),
            received_on=self._words(told, "received_on")[:10],
            due_on=self._words(told, "due_on")[:10],
            finished=self._words(told, "finished").lower() in _DONE,
            steps=tuple(self._steps(told)),
        )

    def _path(self, part: str) -> str:
        return str(self._place.get(part) or part)

    def _words(self, told: Mapping[str, Any], part: str) -> str:
        value = documents.within(told, self._path(part))
        return text.nfc(str(value))[:300] if isinstance(value, (str, int, float, bool)) else ""

    def _steps(self, told: Mapping[str, Any]) -> list[DossierStep]:
        listed = documents.within(told, self._path("steps"))
        if not isinstance(listed, list):
            return []
        return [
            DossierStep(
                at=self._words(one, "step_at")[:16],
                words=self._words(one, "step_words"),
                where=self._words(one, "step_where"),
            )
            for one in listed[:MOST_STEPS]
            if isinstance(one, Mapping)
        ]
