"""Every way the start can fail ends in one sentence, and the data folder opens again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config import postgres, run
from config.env import Env


@pytest.fixture
def data_dir() -> Iterator[Path]:
    # Not tmp_path: the embedded server runs as another user, who may not walk into pytest's private folder.
    place = Path(tempfile.mkdtemp(prefix="smarthd-run-"))
    yield place
    postgres.stop(place)
    shutil.rmtree(place, ignore_errors=True)


def answers(place: Path) -> bool:
    with psycopg.connect(host=str(postgres.socket_dir(place)), user="postgres", dbname=postgres.DATABASE) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def test_a_second_run_on_the_same_folder_names_the_first(data_dir: Path) -> None:
    with run._only_one(data_dir), pytest.raises(run.CannotRun, match=str(os.getpid())):
        run._only_one(data_dir).__enter__()


def test_the_lock_is_free_again_after_the_first_run_ended(data_dir: Path) -> None:
    with run._only_one(data_dir):
        pass
    with run._only_one(data_dir):
        pass


def test_a_busy_port_is_named_with_a_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(run.CannotRun, match=f"PORT={port + 1} make run"):
            run._check_port("127.0.0.1", port)


def test_a_folder_that_cannot_be_written_is_named(data_dir: Path) -> None:
    (data_dir / "tep").write_text("không phải thư mục")
    with pytest.raises(run.CannotRun, match="DATA_DIR"):
        run._prepare_folder(data_dir / "tep" / "con")


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="making a small disk needs root")
def test_a_full_disk_is_said_before_anything_is_begun(data_dir: Path) -> None:
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(data_dir)], check=False, capture_output=True
    ).returncode:
        pytest.skip("this machine does not let us mount a small disk")
    try:
        with pytest.raises(run.CannotRun, match=r"chỉ còn trống [01] MB"):
            run._check_disk(data_dir)
        with contextlib.suppress(OSError), (data_dir / "day").open("wb", buffering=0) as filler:
            while True:
                filler.write(b"0" * 4096)
        with pytest.raises(run.CannotRun, match="đĩa đã đầy"):
            run._prepare_folder(data_dir)
    finally:
        subprocess.run(["umount", str(data_dir)], check=True)


def test_a_cluster_whose_making_was_cut_short_is_made_again(data_dir: Path) -> None:
    place = postgres.folder(data_dir)
    (place / "base").mkdir(parents=True)
    (place / "PG_VERSION").write_text("18\n")
    (place / "smarthd.making").touch()
    assert postgres.start(data_dir)
    assert answers(data_dir)


def test_a_killed_server_opens_again_with_its_data(data_dir: Path) -> None:
    postgres.start(data_dir)
    with psycopg.connect(
        host=str(postgres.socket_dir(data_dir)), user="postgres", dbname=postgres.DATABASE
    ) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    pid = int((postgres.folder(data_dir) / "postmaster.pid").read_text().split("\n")[0])
    os.kill(pid, signal.SIGKILL)
    for _wait in range(100):
        if not postgres.is_running(data_dir):
            break
        time.sleep(0.05)
    assert postgres.start(data_dir)
    with psycopg.connect(
        host=str(postgres.socket_dir(data_dir)), user="postgres", dbname=postgres.DATABASE
    ) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_starting_a_running_server_changes_nothing(data_dir: Path) -> None:
    assert postgres.start(data_dir) is True
    assert postgres.start(data_dir) is False


def test_a_full_disk_is_named_as_the_cause_of_a_failed_step(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.shutil, "disk_usage", lambda _place: shutil._ntuple_diskusage(2**30, 2**30, 5 * 2**20))
    with pytest.raises(run.CannotRun, match=r"(?s)Bước “thử” không xong.*đã đầy \(còn 5 MB\)"):
        run._step("thử", ["-c", "raise SystemExit('hỏng')"], dict(os.environ), data_dir)


@pytest.mark.parametrize(("pid", "alive"), [("", False), ("không phải số", False), ("99999999", False), ("own", True)])
def test_a_dead_server_is_noticed_by_its_process(data_dir: Path, pid: str, alive: bool) -> None:
    pid = str(os.getpid()) if pid == "own" else pid
    place = postgres.folder(data_dir)
    place.mkdir()
    (place / "postmaster.pid").write_text(f"{pid}\n")
    assert postgres.is_alive(data_dir) is alive
    (place / "postmaster.pid").unlink()
    assert not postgres.is_alive(data_dir)


def test_an_outside_server_that_does_not_answer_is_named_without_its_password(data_dir: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"postgresql://smarthd:rat-bi-mat@127.0.0.1:{port}/smarthd"
    with pytest.raises(run.CannotRun, match="Không nối được máy chủ PostgreSQL") as refusal:
        run._outside_version(Env.model_validate({"DATABASE_URL": url, "DATA_DIR": data_dir}))
    assert "rat-bi-mat" not in str(refusal.value)
