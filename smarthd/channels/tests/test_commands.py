"""The terminal's commands: what is on its way, what is read aloud, a cluster to play."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from click.testing import CliRunner

from smarthd.channels.adapters.http import HttpLoudspeaker
from smarthd.channels.commands import group
from smarthd.channels.ports import Job, OutletUnavailable
from smarthd.channels.rules.outlets import Kind
from smarthd.channels.services import dispatching
from smarthd.channels.tests import make
from smarthd.channels.tests.broker import free_port
from smarthd.kernel import clock


def run(*words: str):
    return CliRunner().invoke(group, list(words))


@pytest.mark.django_db
def test_bulletins_are_listed_and_sent_again(land):
    row = make.taken(drill=True, kinds=[Kind.PRESS])
    dispatching.send_due(now=make.NOW, carry=make.FakeRoads())
    told = run("list").output
    assert "[DIỄN TẬP] Bão số 3 vào đất liền đêm nay: đã gửi 1" in told
    assert run("resend", str(make.dispatch(row, Kind.PRESS).uid)).exit_code == 0
    refused = run("resend", str(uuid4()))
    assert refused.exit_code == 1
    assert "Không có lượt gửi này" in refused.output


def test_words_are_read_and_spoken_to_a_file(tmp_path):
    path = tmp_path / "thu.mp3"
    told = run("say", "Gió cấp 8–9", "--to", str(path))
    assert "Gió cấp tám đến cấp chín" in told.output
    assert path.stat().st_size > 1000


def test_a_cluster_is_played_from_the_terminal():
    port, told = free_port(), []
    words = ["speaker", "--cluster", "cum-x", "--port", str(port), "--seconds", "2"]
    playing = threading.Thread(target=lambda: told.append(run(*words)))
    playing.start()
    loudspeaker, now = HttpLoudspeaker(f"http://127.0.0.1:{port}/cum-x", ""), clock.now()
    job = Job(
        key="k-1", round=1, cluster="cum-x", priority="urgent", title="Bão số 3", text="Bão số ba.", audio_url="", audio_sha256="", repeats=3,
        not_before=now - timedelta(minutes=1), not_after=now + timedelta(hours=1), drill=False,
    )  # fmt: skip
    for _ in range(30):
        try:
            loudspeaker.play(job)
            break
        except OutletUnavailable:
            time.sleep(0.05)
    playing.join()
    assert "[loa cum-x] Bão số 3 (phát 3 lần)" in told[0].output
