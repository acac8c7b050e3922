"""A rehearsal at full size: an installation of its own, made in a temporary folder, used once and thrown away.

Its database, keys, phones and push service are on this machine and know nothing of the real ones; its senders refuse every address
outside the machine; its warning is a CAP Exercise. So nothing of it can be taken for real, and nothing real can be reached.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from config import postgres
from config.rehearsal import disks

if TYPE_CHECKING:
    from smarthd.alerts.rules.rehearsals import Figures

ROOT = Path(__file__).resolve().parent.parent.parent
LOG = "dien-tap.log"
FAULTS = ("kill", "database", "disk")
_LEFT_OUT = ("DATABASE_URL", "SMARTHD_NOW", "ORIGIN", "SMARTHD_TEST_DATABASE", "METRICS_TOKEN", "SMS_GATEWAY_URL",
             "MAIL_URL", "ZALO_TOKEN", "ZALO_TEMPLATE", "RELAY_URL", "RELAY_CELL", "OIDC_ISSUER", "OIDC_CLIENT_ID", "SEALING_KEY")  # fmt: skip


class CannotRehearse(Exception):
    """The rehearsal could not be run; the message is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How large, with how many sending processes, which faults in its midst, and whether keys are prepared before."""

    phones: int
    processes: int = 1
    faults: tuple[str, ...] = ()
    pool: bool = True


def run(plan: Plan, *, say: Callable[[str], None]) -> Figures:
    """Run a rehearsal and return what it counted. Raises CannotRehearse; whatever happens, nothing of it stays."""
    if "disk" in plan.faults and not disks.can_make():
        msg = "Lỗi “disk” cần quyền root để tạo một đĩa nhỏ. Chạy bằng sudo, hoặc bỏ disk khỏi --faults."
        raise CannotRehearse(msg)
    with _installation(plan) as environ:
        stage = subprocess.Popen(
            [sys.executable, "-m", "config.rehearsal.stage", json.dumps(asdict(plan))],
            env=environ,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            return _listen(stage, say)
        except CannotRehearse:
            say(_log_of(environ))
            raise
        finally:
            _end(stage)


def _log_of(environ: dict[str, str]) -> str:
    log = Path(environ["DATA_DIR"]) / LOG
    return log.read_text(errors="replace")[-1500:] if log.exists() else ""


def _listen(stage: subprocess.Popen[str], say: Callable[[str], None]) -> Figures:
    from smarthd.alerts.rules.rehearsals import Figures, Sending

    last = ""
    for line in stage.stdout or ():
        if line.startswith("{"):
            last = line
        else:
            say(line.rstrip())
    if stage.wait() != 0 or not last:
        msg = "Buổi diễn tập đứt giữa chừng; lý do ở các dòng trên. Dữ liệu thật không liên quan."
        raise CannotRehearse(msg)
    told = json.loads(last)
    return Figures(**{**told, "senders": tuple(Sending(**one) for one in told["senders"])})


def _end(stage: subprocess.Popen[str]) -> None:
    """End the stage and every process it began."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(stage.pid, number)
            stage.wait(20)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
    if stage.stdout is not None:
        stage.stdout.close()


@contextmanager
def _installation(plan: Plan) -> Iterator[dict[str, str]]:
    folder = Path(tempfile.mkdtemp(prefix="smarthd-dien-tap-"))
    folder.chmod(0o755)
    environ = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT} | {
        "DATA_DIR": str(folder), "SMARTHD_MODE": "demo", "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "ERROR",
        "ORIGIN": "http://dien-tap.invalid", "PUSH_LOOPBACK": "true", "PUSH_REHEARSAL": "true",
        "PUSH_CONTACT": "mailto:dien-tap@dien-tap.invalid", "REHEARSAL_PORT": str(_free_port()),
        "DATABASE_URL": f"postgresql://{postgres.SUPERUSER}@/{postgres.DATABASE}?host={postgres.socket_dir(folder)}",
    }  # fmt: skip
    small = disks.mounted(postgres.folder(folder), mb=disks.size_for(plan.phones)) if "disk" in plan.faults else None
    try:
        postgres.start(folder, more=disks.FITTING)
        made = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity=0"], env=environ, cwd=ROOT, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        if made.returncode:
            raise CannotRehearse(made.stderr.strip()[-600:])
        yield environ
    except postgres.PostgresProblem as problem:
        raise CannotRehearse(str(problem)) from problem
    finally:
        postgres.stop(folder)
        if small is not None:
            disks.unmount(small)
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])
