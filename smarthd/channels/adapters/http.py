"""A cluster of loudspeakers behind HTTP: ``POST {address}`` takes a job, ``GET {address}/{key}`` says what became of it.

A job taken is answered 200, 201 or 202 with ``{"reference"}``; its state is ``{"state": "waiting" | "played" | "failed", "said"}``.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from smarthd.channels.adapters import answers
from smarthd.channels.ports import Job, Loudspeaker, OutletRefused, Taken, Word


class HttpLoudspeaker(Loudspeaker):
    """Speaks to one cluster's gateway, with a bearer token where there is one."""

    def __init__(self, address: str, secret: str) -> None:
        self._address = address.rstrip("/")
        self._headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def play(self, job: Job) -> Taken:
        """Post the job; its key and round travel as Idempotency-Key, so that a repeated try is not a repeated airing."""
        headers = self._headers | {"Idempotency-Key": f"{job.key}-{job.round}"}
        body = answers.check(answers.asked("POST", self._address, json=job.as_json(), headers=headers))
        return Taken(str(body.get("reference", ""))[:190])

    def words(self, keys: Sequence[str]) -> list[Word]:
        """Ask for one job after another; one the gateway does not know is not spoken of."""
        heard = []
        for key in keys:
            try:
                body = answers.check(answers.asked("GET", f"{self._address}/{quote(key)}", headers=self._headers))
            except OutletRefused:
                continue
            if body.get("state") in {"played", "failed"}:
                heard.append(Word(key, played=body["state"] == "played", said=str(body.get("said", ""))[:200]))
        return heard
