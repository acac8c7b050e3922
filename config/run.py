"""``smarthd run``: bring the whole site up from nothing, keep it up, take it down cleanly.

One process supervises three: PostgreSQL (if embedded), the web server and the worker. Every way it can fail ends in one Vietnamese
sentence that says what, where and how to mend it, and leaves a data folder that opens again.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from config import postgres
from config.env import ROOT, Env

LEAST_FREE_MB = 700
FULL_MB = 100  # with less than this, a failure is most likely the disk's
RESTART_WAITS_S = (1, 2, 5, 10, 30)
STOP_PATIENCE_S = 15
ANSWER_PATIENCE_S = 180
LOOK_EVERY_S = 0.5
LEAST_POSTGRES = 150_000


class CannotRun(Exception):
    """The site cannot be brought up; the message is a Vietnamese sentence for the person at the terminal."""


class StopRequested(Exception):
    """Ctrl-C or SIGTERM."""


def say(words: str) -> None:
    """Print one line for the person at the terminal."""
    print(words, flush=True)


def _die_with_parent() -> None:
    """Ask Linux to end this child when the supervisor is killed, so that no orphan keeps the port."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@dataclass
class Child:
    """One supervised process."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started_at: float = field(default=0.0)

    def start(self, environ: dict[str, str]) -> None:
        self.started_at = time.monotonic()
        # A session of its own: Ctrl-C reaches the supervisor only, who then stops the others in order.
        self.process = subprocess.Popen(
            self.command,
            env=environ,
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - the supervisor has one thread
        )

    def stop(self) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_PATIENCE_S)
        self.clear_away()

    def clear_away(self) -> None:
        """End what is left of it: the web server's own processes outlive their parent when that is killed, and keep the port."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def run(env: Env, *, demo_data: bool = True) -> None:
    """Serve until Ctrl-C. Raises CannotRun with a sentence when it cannot."""
    _prepare_folder(env.data_dir)
    signal.signal(signal.SIGTERM, _request_stop)
    signal.signal(signal.SIGINT, _request_stop)
    with _only_one(env.data_dir):
        _check_port(env.host, env.port)
        _check_disk(env.data_dir)
        with _database(env):
            environ = _environ(env)
            with ThreadPoolExecutor(max_workers=1) as aside:  # both take seconds, on two cores at once
                static = aside.submit(collect_static, environ)
                migrate(env, environ)
                static.result()
            if demo_data and env.mode == "demo":
                _step("Dữ liệu dùng thử", ["-m", "config.cli", "seed-demo", "--if-empty"], environ, env.data_dir)
            _supervise(env, environ)


def _request_stop(_signal: int, _frame: FrameType | None) -> None:
    raise StopRequested


def _prepare_folder(data_dir: Path) -> None:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        probe = data_dir / ".ghi-thu"
        probe.write_bytes(b"0" * 4096)
        probe.unlink()
    except OSError as problem:
        why = "đĩa đã đầy" if problem.errno == errno.ENOSPC else problem.strerror
        msg = f"Không ghi được vào thư mục dữ liệu {data_dir}: {why}. Hãy sửa, hoặc chọn nơi khác bằng DATA_DIR."
        raise CannotRun(msg) from None


@contextmanager
def _only_one(data_dir: Path) -> Iterator[None]:
    """Hold the lock of the data folder; the kernel lets go of it even when we are killed."""
    with (data_dir / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            holder = lock.read().strip() or "?"
            msg = (
                f"Đã có một bản đang chạy trên thư mục dữ liệu {data_dir} (tiến trình {holder}). "
                "Hãy dùng bản đó, dừng nó bằng Ctrl-C, hoặc chọn thư mục khác bằng DATA_DIR."
            )
            raise CannotRun(msg) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            why = "đang có chương trình khác dùng" if problem.errno == errno.EADDRINUSE else str(problem.strerror)
            msg = f"Không mở được cổng {port} trên {host}: {why}. Hãy chọn cổng khác, ví dụ: PORT={port + 1} make run"
            raise CannotRun(msg) from None


def _check_disk(data_dir: Path) -> None:
    free_mb = shutil.disk_usage(data_dir).free // 2**20
    if free_mb < LEAST_FREE_MB:
        msg = f"Đĩa chứa {data_dir} chỉ còn trống {free_mb} MB, cần ít nhất {LEAST_FREE_MB} MB. Hãy dọn bớt hoặc đổi DATA_DIR."
        raise CannotRun(msg)


@contextmanager
def _database(env: Env) -> Iterator[None]:
    if env.database_url:
        version = _outside_version(env)
        say(f"  ✓ Máy chủ PostgreSQL {version // 10000} trong DATABASE_URL trả lời")
        yield
        return
    started = time.monotonic()
    fresh = _start_database(env)
    verb = "đã khởi động" if fresh else "đang chạy sẵn"
    say(f"  ✓ Cơ sở dữ liệu PostgreSQL nhúng {verb} ({time.monotonic() - started:.1f} giây)")
    try:
        yield
    finally:
        postgres.stop(env.data_dir)
        say("  ✓ Đã dừng cơ sở dữ liệu")


def _outside_version(env: Env) -> int:
    """Return the version number of the server named by DATABASE_URL, or say why it cannot serve."""
    import psycopg

    try:
        with psycopg.connect(**postgres.connection_of(env), connect_timeout=10) as connection:
            version = connection.info.server_version
    except psycopg.OperationalError as problem:
        msg = f"Không nối được máy chủ PostgreSQL ghi trong DATABASE_URL: {str(problem).strip()}"
        raise CannotRun(msg) from None
    if version < LEAST_POSTGRES:
        msg = f"Máy chủ trong DATABASE_URL là PostgreSQL {version // 10000}; cần từ {LEAST_POSTGRES // 10000} trở lên."
        raise CannotRun(msg)
    return version


def _start_database(env: Env) -> bool:
    try:
        return postgres.start(env.data_dir)
    except (postgres.PostgresProblem, OSError) as problem:
        msg = f"{problem}{_disk_words(env.data_dir)}"
        raise CannotRun(msg) from None


def _disk_words(data_dir: Path) -> str:
    """Return what to add to a failure when the disk is full: that is then its cause, whatever the program said."""
    free_mb = shutil.disk_usage(data_dir).free // 2**20
    if free_mb >= FULL_MB:
        return ""
    return f"\nĐĩa chứa {data_dir} đã đầy (còn {free_mb} MB). Hãy dọn đĩa rồi chạy lại; dữ liệu đã ghi còn nguyên."


def _environ(env: Env) -> dict[str, str]:
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONUNBUFFERED": "1"}
    if env.now is not None and env.now_set_at is None:
        environ["SMARTHD_NOW_SET_AT"] = datetime.now(UTC).isoformat()
    return environ


def _stamped(stamp: Path, mark: str) -> bool:
    return stamp.exists() and stamp.read_text() == mark


def _mark_of(*patterns: str) -> str:
    mark = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                mark.update(f"{path.relative_to(ROOT)} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    return mark.hexdigest()


def _step(words: str, arguments: list[str], environ: dict[str, str], data_dir: Path) -> None:
    """Run one of our own commands to its end; its own words follow when it fails."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env=environ,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - a step of a killed supervisor must not go on beside the next one's
    )
    try:
        output, _ = process.communicate()
    except StopRequested:
        process.terminate()
        process.wait()
        raise
    if process.returncode != 0:
        tail = output.decode(errors="replace").strip()[-1500:]
        msg = f"Bước “{words}” không xong:\n{tail}\nDữ liệu cũ còn nguyên; sửa xong chỉ cần chạy lại.{_disk_words(data_dir)}"
        raise CannotRun(msg)
    say(f"  ✓ {words} ({time.monotonic() - started:.1f} giây)")


def migrate(env: Env, environ: dict[str, str]) -> None:
    """Bring tables to what the code expects. The stamp spares three seconds; it names the cluster, so that it cannot lie."""
    stamp = env.data_dir / "migrated.stamp"
    identity = postgres.folder(env.data_dir) / "global" / "pg_control"
    made = str(identity.stat().st_ino) if not env.database_url and identity.exists() else env.database_url
    mark = f"{_mark_of('smarthd/*/migrations/*.py', 'uv.lock')} {hashlib.sha256(made.encode()).hexdigest()}"
    if _stamped(stamp, mark):
        return
    _step("Tạo và cập nhật các bảng", ["manage.py", "migrate", "--verbosity=0"], environ, env.data_dir)
    stamp.write_text(mark)


def collect_static(environ: dict[str, str]) -> None:
    """Gather the interface's files with hashed names, unless nothing changed."""
    stamp = ROOT / ".static" / "collected.stamp"
    mark = _mark_of("smarthd/*/static/**/*", "uv.lock")
    if _stamped(stamp, mark):
        return
    collect = ["manage.py", "collectstatic", "--noinput", "--clear", "--verbosity=0"]
    _step("Chuẩn bị tệp giao diện", collect, environ, ROOT)
    stamp.write_text(mark)


def _supervise(env: Env, environ: dict[str, str]) -> None:
    web = Child(
        "máy chủ web",
        [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", env.host, "--port", str(env.port),
            "--workers", str(env.web_workers), "--blocking-threads", str(env.web_threads), "--backlog", "2048",
            "--respawn-failed-workers", "--workers-kill-timeout", "10", "--no-ws", "--log-level", "warning", "config.wsgi:application",
        ],
    )  # fmt: skip
    worker = Child("việc chạy nền", [sys.executable, "-m", "config.worker"])
    sender = Child("gửi thông báo đẩy", [
        sys.executable, "-m", "config.cli", "messaging", "send", "--processes", str(env.push_processes),
    ])  # fmt: skip
    children = [web, worker, *([sender] if env.push_processes else []), *_play(env)]
    try:
        for child in children:
            child.start(environ)
        _wait_until_answering(env, web)
        _announce(env, environ)
        while True:
            time.sleep(LOOK_EVERY_S)
            _revive_database(env)
            for child in children:
                _revive(child, environ)
    finally:
        for signal_number in (signal.SIGINT, signal.SIGTERM):  # a second Ctrl-C must not cut the stopping short
            signal.signal(signal_number, signal.SIG_IGN)
        for child in children:
            child.stop()
        say("  ✓ Đã dừng máy chủ web, việc chạy nền và việc gửi thông báo")


def _play(env: Env) -> list[Child]:
    """Return the process that plays departments' systems in the demonstration; never beside real ones."""
    if env.mode != "demo" or not env.play_port:
        return []
    command = [sys.executable, "-m", "config.cli", "connectors", "play", "--port", str(env.play_port)]
    return [Child("hệ thống sở đóng vai", command)]


def _wait_until_answering(env: Env, web: Child) -> None:
    import urllib.error
    import urllib.request

    host = "127.0.0.1" if env.host in {"0.0.0.0", "::"} else env.host  # noqa: S104 - compared, not bound
    patience = time.monotonic() + ANSWER_PATIENCE_S
    while time.monotonic() < patience:
        if web.process is not None and web.process.poll() is not None:
            msg = "Máy chủ web dừng ngay khi khởi động; xem các dòng lỗi ở trên."
            raise CannotRun(msg)
        try:
            with urllib.request.urlopen(f"http://{host}:{env.port}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    msg = f"Máy chủ web không trả lời tại cổng {env.port} sau {ANSWER_PATIENCE_S} giây; xem các dòng lỗi ở trên."
    raise CannotRun(msg)


def _revive_database(env: Env) -> None:
    """Start the embedded server again when it was killed; it repairs itself from its log. The web and the worker connect anew."""
    if env.database_url or postgres.is_alive(env.data_dir):
        return
    say("  ! Cơ sở dữ liệu đã dừng đột ngột; đang khởi động lại và tự phục hồi.")
    _start_database(env)
    say("  ✓ Cơ sở dữ liệu đã phục hồi")


def _revive(child: Child, environ: dict[str, str]) -> None:
    process = child.process
    if process is None or process.poll() is None:
        return
    if time.monotonic() - child.started_at > 60:
        child.deaths = 0
    wait_s = RESTART_WAITS_S[min(child.deaths, len(RESTART_WAITS_S) - 1)]
    child.deaths += 1
    say(f"  ! Tiến trình {child.name} đã dừng (mã {process.returncode}); khởi động lại sau {wait_s} giây.")
    child.clear_away()
    time.sleep(wait_s)
    child.start(environ)


def _announce(env: Env, environ: dict[str, str]) -> None:
    say("")
    say(f"  Smart-HaiDuong đang chạy tại {env.origin}")
    say(f"    Người dân:  {env.origin}/")
    say(f"    Cán bộ:     {env.origin}/can-bo/")
    say(f"    Dữ liệu:    {env.data_dir}")
    if env.mode == "demo":
        shown = subprocess.run(
            [sys.executable, "-m", "config.cli", "demo-accounts"],
            env=environ,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        say(shown.stdout.rstrip() if shown.returncode == 0 else f"    {shown.stderr.strip()[-600:]}")
    say("  Dừng: bấm Ctrl-C.")
    say("")
