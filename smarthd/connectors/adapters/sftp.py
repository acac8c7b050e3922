"""Files on a department's SFTP server: the host's key is pinned, the account only reads, a file still being written is left for later."""

from __future__ import annotations

import asyncio
import fnmatch
import hmac
import socket
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from smarthd.connectors.adapters import dropped, stopping
from smarthd.connectors.adapters.landing import MOST_BYTES, Landing
from smarthd.connectors.adapters.web import LONGEST_S, WHOLE_S, Lookup, lookup, pinned_address
from smarthd.connectors.ports import FROM_THE_START, Offer, Reader, SourceRefused, SourceUnavailable, State, Table

if TYPE_CHECKING:
    import asyncssh

CONNECT_S = 8
MOST_FILES = 5_000
PIECE = 4 << 20
"""Bytes asked for at a time: many requests under way at once, as the library does."""


class SftpFile(Reader):
    """Reads a file, or the newest of those a pattern names. ``place``: host, port, user, host_key (SHA256:…), path."""

    def __init__(
        self,
        place: Mapping[str, object],
        *,
        secret: Mapping[str, str],
        inside: Collection[str],
        look_up: Lookup = lookup,
        most: int = MOST_BYTES,
    ) -> None:
        self._place, self._secret, self._inside = place, secret, {host.lower() for host in inside}
        self._look_up, self._most, self._seen = look_up, most, ""

    def read(self, state: State = FROM_THE_START) -> Table:
        """Return the file as a table."""
        path = str(self._place.get("path") or "")
        with Landing(self._most) as landing:
            name, moved_at = self._run(self._fetch(path, landing))
            return dropped.file_as_table(landing, name=name, place=self._place, moved_at=moved_at)

    def offers(self) -> list[Offer]:
        """Return the files that lie in the folder of the path."""
        folder = str(self._place.get("path") or "").rpartition("/")[0]
        found = self._run(self._list(folder))
        lines = sorted(found, key=lambda one: -one[1])[:1_000]
        return [Offer("path", path, f"{size:,} byte".replace(",", ".")) for path, _moved, size in lines]

    def _run(self, work: Any) -> Any:
        try:
            return asyncio.run(_breakable(work))
        except TimeoutError:
            msg = "máy chủ gửi quá chậm"
            raise SourceUnavailable(msg) from None
        except (SourceRefused, SourceUnavailable):
            raise
        except Exception as error:  # noqa: BLE001 - what is not the library's own is raised again
            raise self._refusal(error) from None

    async def _fetch(self, path: str, landing: Landing) -> tuple[str, datetime | None]:
        begun = asyncio.get_running_loop().time()
        async with await self._connected() as connection, connection.start_sftp_client() as client:
            if dropped.is_pattern(path):
                folder, _slash, pattern = path.rpartition("/")
                found = [
                    one for one in await _files(client, folder) if fnmatch.fnmatchcase(_name(one[0]), pattern or "*")
                ]
                if not found:
                    msg = f"không có tệp nào như {path[:80]}"
                    raise SourceRefused(msg)
                path = max(found, key=lambda one: (one[1], one[0]))[0]
            before = await client.stat(path)
            landing.require_room(before.size or 0)
            async with client.open(path, "rb") as file:
                while piece := await _within(file.read(PIECE), begun + WHOLE_S + landing.more_time_s):
                    landing.write(piece)
            after = await client.stat(path)
        dropped.require_whole((before.size, before.mtime), (after.size, after.mtime), landing.size)
        moved_at = datetime.fromtimestamp(after.mtime, UTC) if after.mtime else None
        return _name(path), moved_at

    async def _list(self, folder: str) -> list[tuple[str, int, int]]:
        found: list[tuple[str, int, int]] = []
        async with await self._connected() as connection, connection.start_sftp_client() as client:
            found += await _files(client, folder)
        return found

    async def _connected(self) -> asyncssh.SSHClientConnection:
        import asyncssh

        host, port = str(self._place.get("host") or ""), int(str(self._place.get("port") or 22))
        address = pinned_address(host, port, inside=self._inside, look_up=self._look_up)
        key = self._secret.get("private_key", "")
        reader = self

        class Client(asyncssh.SSHClient):
            def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
                return reader.knows(key.get_fingerprint("sha256"))

        keys = [asyncssh.import_private_key(key.strip() + "\n")] if key else None
        sock = socket.create_connection((address, port), timeout=CONNECT_S)
        try:
            sock.setblocking(False)  # noqa: FBT003 - the standard library's own
            return await asyncssh.connect(
                host,
                port,
                sock=sock,
                config=None,
                client_factory=Client,
                known_hosts=([], [], []),
                username=str(self._place.get("user") or ""),
                password=self._secret.get("password") or None,
                client_keys=keys,
                agent_path=None,
                gss_host=None,
                connect_timeout=CONNECT_S,
                login_timeout=CONNECT_S * 2,
            )
        except BaseException:
            sock.close()
            raise

    def knows(self, fingerprint: str) -> bool:
        """Say whether a server's key is the one that was pinned."""
        self._seen = fingerprint
        return hmac.compare_digest(str(self._place.get("host_key") or "").strip().encode(), fingerprint.encode())

    def _refusal(self, error: Exception) -> Exception:
        import asyncssh

        match error:
            case asyncssh.HostKeyNotVerifiable():
                seen = f": máy chủ đưa ra {self._seen}" if self._seen else ""
                return SourceRefused(
                    f"dấu vân khóa của máy chủ không phải dấu đã ghi{seen}. Xin hỏi người quản trị máy chủ đó qua đường khác trước khi ghi lại"
                )
            case asyncssh.PermissionDenied():
                return SourceRefused("máy chủ SFTP không cho tài khoản này vào")
            case asyncssh.KeyImportError():
                return SourceRefused("khóa riêng không đọc được: cần khóa OpenSSH không đặt mật khẩu")
            case asyncssh.SFTPNoSuchFile() | asyncssh.SFTPPermissionDenied():
                return SourceRefused("không có tệp hay thư mục này, hoặc tài khoản không được đọc")
            case asyncssh.Error() | OSError():
                return SourceUnavailable("không nối được tới máy chủ SFTP")
            case _:
                return error


async def _breakable(work: Any) -> Any:
    """Await work within the limit of time; whoever stops the reading ends it from another thread."""
    stop, loop = stopping.current(), asyncio.get_running_loop()
    task = asyncio.ensure_future(asyncio.wait_for(work, LONGEST_S))
    with stop.broken_by(lambda: loop.call_soon_threadsafe(task.cancel)):
        try:
            return await task
        except asyncio.CancelledError:
            stop.require_going()
            raise


async def _within(work: Any, ends: float) -> Any:
    """Await work until an instant of the loop's clock. Raises TimeoutError."""
    return await asyncio.wait_for(work, max(0.0, ends - asyncio.get_running_loop().time()))


async def _files(client: Any, folder: str) -> list[tuple[str, int, int]]:
    """Return path, time of last change and size of the files in a folder, without those that are not finished."""
    found = []
    async for entry in client.scandir(folder or "."):
        name = str(entry.filename)
        if dropped.is_finished(name) and entry.attrs.type == 1:
            found.append(
                (f"{folder}/{name}" if folder else name, int(entry.attrs.mtime or 0), int(entry.attrs.size or 0))
            )
        if len(found) > MOST_FILES:
            msg = f"thư mục có hơn {MOST_FILES} tệp"
            raise SourceRefused(msg)
    return found


def _name(path: str) -> str:
    return path.rpartition("/")[2]
