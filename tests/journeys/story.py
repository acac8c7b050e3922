"""A site of its own for a story over weeks: a clock that is set forward, a worker told to work, mail caught by a real SMTP server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.test import override_settings

from smarthd.kernel import clock
from tests.environment import ROOT
from tests.journeys import acts
from tests.journeys.conftest import Site, running_site
from tests.journeys.postbox import Postbox, open_postbox

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page


@dataclass
class Story:
    """The running site as the people of the story meet it."""

    site: Site
    facts: dict[str, Any]
    new_context: Callable[..., BrowserContext]
    postbox: Postbox
    kept: dict[str, str] = field(default_factory=dict)
    _pages: dict[tuple[str, int], Page] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the site is."""
        return self.site.url

    def set_clock(self, instant: datetime) -> None:
        """Set the clock of every process of the site."""
        with override_settings(CLOCK_FILE=Path(self.site.environ["DATA_DIR"]) / "clock"):
            clock.tell_everyone(instant)

    def page(self, who: str, viewport: dict[str, int]) -> Page:
        """Return the browser of an official, on a device of this size; the same one all through the story."""
        key = (who, viewport["width"])
        if key not in self._pages:
            name, _equals, value = self.facts["cookies"][who].partition("=")
            context = self.new_context(viewport=viewport, accept_downloads=True)
            context.add_cookies([{"name": name, "value": value, "url": self.url}])
            self._pages[key] = context.new_page()
        return self._pages[key]

    def work(self, task: str) -> None:
        """Let the worker do one of its periodic tasks now, as its hour on the story's clock has come."""
        acts.let_news_arrive(self.site)
        [[job]] = self.site.sql(
            """INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args)
            VALUES ('rollout', %s, %s, '{"timestamp": 0}') RETURNING id""",
            f"smarthd.{task}",
            "rollout.remind" if task.endswith("remind") else None,
        )
        acts.until(
            lambda: self.site.sql("SELECT status FROM procrastinate_jobs WHERE id = %s", job) == [("succeeded",)],
            seconds=60,
        )
        acts.let_news_arrive(self.site)

    def count(self) -> None:
        """Count what was measured, as the worker does every half minute."""
        self.work("rollout.tasks.refresh")

    def mails(self, count: int) -> list[Message]:
        """Return all e-mails that came, when they are so many."""
        acts.until(
            lambda: self.site.sql("SELECT count(*) FROM messaging_maildelivery WHERE state = 'waiting'") == [(0,)]
        )
        assert len(self.postbox.received) == count, [self.subject(mail) for mail in self.postbox.received]
        return list(self.postbox.received)

    @staticmethod
    def subject(mail: Message) -> str:
        """Return an e-mail's subject as people read it."""
        return str(make_header(decode_header(mail["Subject"])))

    def told(self, who: str, *, kind: str) -> list[str]:
        """Return the titles of what stands in an official's inbox, of one kind."""
        rows = self.site.sql(
            "SELECT title FROM messaging_inboxitem WHERE account_id = %s AND kind = %s ORDER BY id",
            self.facts["accounts"][who],
            kind,
        )
        return [str(title) for (title,) in rows]

    def _reports(self, what: str) -> dict[str, Any]:
        names = {agency_id: key for key, agency_id in self.facts["agencies"].items()}
        rows = self.site.sql(
            f"SELECT o.agency_id, r.{what} FROM rollout_periodicreport r JOIN rollout_obligation o ON o.id = r.obligation_id"  # noqa: S608 - constants of this file
        )
        return {names[int(str(agency))]: value for agency, value in rows}

    def states(self) -> dict[str, str]:
        """Return where each unit's report stands."""
        return self._reports("state")

    def in_time(self) -> dict[str, bool | None]:
        """Return whether each unit's report came in time."""
        return self._reports("in_time")

    def not_reviewed(self) -> set[str]:
        """Return whose report passed without anybody having looked at it."""
        return {unit for unit, passed in self._reports("not_reviewed").items() if passed}

    def download(self, page: Page, link: Locator) -> bytes:
        """Return the bytes of what a link hands out."""
        with page.expect_download() as coming:
            link.click()
        return Path(coming.value.path()).read_bytes()

    def run(self, act: str) -> None:
        """Let the ground of the story change: ``march_2024.<act>`` in a process of its own on the site's database."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.march_2024", act],
            env=self.site.environ, cwd=ROOT, capture_output=True, text=True, check=False, input=json.dumps(self.facts),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]


@contextmanager
def begin(folder: Path, new_context: Callable[..., BrowserContext]) -> Iterator[Story]:
    """Plant the ground, start the site and the mail server, and end them."""
    with open_postbox() as postbox:
        planted: dict[str, Any] = {}

        def plant(environ: dict[str, str]) -> None:
            done = subprocess.run(
                [sys.executable, "-m", "tests.journeys.march_2024"],
                env=environ, cwd=ROOT, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr[-3000:]
            planted.update(json.loads(done.stdout.splitlines()[-1]))

        more = {"MAIL_URL": postbox.url, "MAIL_FROM": "bao-cao@haiduong.example"}
        with running_site("order", folder, more=more, plant=plant, arguments=("--no-demo-data",)) as site:
            yield Story(site, planted, new_context, postbox)
