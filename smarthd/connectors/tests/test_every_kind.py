"""What every kind that is read owes alike, whatever it reads: its place checked, nobody reached who must not be, a name looked up once and
never again, refusal and silence told in words without a secret."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from smarthd.connectors.adapters.kinds import connector
from smarthd.connectors.ports import SourceRefused, SourceUnavailable
from smarthd.connectors.rules.places import NEEDS, problems
from smarthd.connectors.rules.sources import PULLED, SourceKind
from smarthd.connectors.tests.servers import closed_port
from smarthd.connectors.tests.test_hanging import silent, stopped

SECRET = "b1-m@t-kh0ng-l0"
NAME = "nguon.so.example.vn"
DATABASES = {SourceKind.POSTGRES, SourceKind.MYSQL, SourceKind.MSSQL, SourceKind.ORACLE}
NETWORK = sorted(PULLED - {SourceKind.FOLDER})
BY_URL = [kind for kind in NETWORK if kind not in DATABASES | {SourceKind.SFTP}]


def place_of(kind: SourceKind, host: str = NAME, port: int = 9) -> tuple[dict[str, object], dict[str, str]]:
    """Return a whole place of a kind at a host, with every way to let one in that it knows."""
    if kind in DATABASES:
        return {"host": host, "port": str(port), "database": "so", "user": "doc", "table": "a.b"}, {"password": SECRET}
    if kind is SourceKind.SFTP:
        place = {"host": host, "port": str(port), "user": "doc", "host_key": "SHA256:" + "a" * 43, "path": "a.csv"}
        return place, {"password": SECRET}
    place = {"url": f"http://{host}:{port}/a"}
    more = {
        SourceKind.WFS: {"layer": "a:b"},
        SourceKind.NGSILD: {"type": "A"},
        SourceKind.SOAP: {"body": "<a/>", "rows": "a"},
        SourceKind.CKAN: {"resource": "abc"},
    }
    if kind is SourceKind.SITEMAP:
        return place, {}
    auth = {} if kind is SourceKind.CKAN else {"auth": "bearer"}
    return place | more.get(kind, {}) | auth, {"token": SECRET}


def reader(kind: SourceKind, look_up: Any, *, inside: list[str], port: int = 9) -> Any:
    place, secret = place_of(kind, port=port)
    return connector(kind, place, secret, inside=inside, look_up=look_up)


@pytest.mark.parametrize("kind", NETWORK)
def test_a_whole_place_is_sound_and_one_that_lacks_something_is_told_which(kind):
    place, secret = place_of(kind)
    assert problems(kind, place, secret) == {}
    for need in NEEDS[kind]:
        if need.required:
            lacking = {key: told for key, told in place.items() if key != need.key}
            assert need.key in problems(kind, lacking, {key: told for key, told in secret.items() if key != need.key})
    assert problems(kind, place | {"la": "x"}, secret).keys() == {"la"}


@pytest.mark.parametrize("kind", NETWORK)
@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:127.0.0.1"])
def test_nobody_inside_is_reached_unless_an_operator_named_them(kind, address):
    with pytest.raises(SourceRefused, match="mạng nội bộ"):
        reader(kind, lambda _host, _port: ["93.184.216.34", address], inside=[]).read()


@pytest.mark.parametrize("kind", NETWORK)
def test_a_name_is_looked_up_once_and_what_was_looked_at_is_what_is_connected_to(kind):
    """The name exists nowhere: whoever looked it up a second time, as rebinding wants, would not find it. It is refused by the address."""
    asked: list[str] = []

    def look_up(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with closed_port() as port, pytest.raises(SourceUnavailable) as refused:
        reader(kind, look_up, inside=[NAME], port=port).read()
    assert asked == [NAME]
    assert "không nối được" in str(refused.value)


@pytest.mark.parametrize("kind", NETWORK)
@pytest.mark.parametrize("act", ["read", "sample", "offers"])
def test_what_fails_tells_no_secret(kind, act, caplog):
    caplog.set_level(logging.DEBUG)
    acts = {"read": lambda one: one.read(), "sample": lambda one: one.sample(10), "offers": lambda one: one.offers()}
    told = ""
    with closed_port() as port:
        try:
            acts[act](reader(kind, lambda _host, _port: ["127.0.0.1"], inside=[NAME], port=port))
        except (SourceRefused, SourceUnavailable) as why:
            told = str(why)
    assert told or act == "offers", "who has nothing to offer says nothing"
    assert SECRET not in told + caplog.text


@pytest.mark.parametrize("kind", BY_URL)
def test_a_server_that_hangs_is_let_go_of_at_once(kind):
    with silent() as (port, called):
        hung = reader(kind, lambda _host, _port: ["127.0.0.1"], inside=[NAME], port=port)
        end = stopped(hung.read, called)
    assert isinstance(end, SourceUnavailable)


BOMB = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><r>&b;</r>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'


@pytest.mark.parametrize("kind", [SourceKind.FEED, SourceKind.WFS, SourceKind.SOAP])
@pytest.mark.parametrize("bomb", [BOMB, OUTSIDE], ids=["entities", "a file of ours"])
def test_no_xml_unfolds_or_reads_what_it_names(kind, bomb):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    with silent(head + bomb) as (port, _called):
        found = reader(kind, lambda _host, _port: ["127.0.0.1"], inside=[NAME], port=port)
        with pytest.raises(SourceRefused) as refused:
            found.read()
    assert "root:" not in str(refused.value)


def test_a_folder_leads_nowhere_else(tmp_path: Path):
    folder = tmp_path / "nguon"
    folder.mkdir()
    (tmp_path / "bi-mat.csv").write_text("Mã;Tên\nA;B\n")
    (folder / "a.csv").symlink_to(tmp_path / "bi-mat.csv")
    with pytest.raises(SourceRefused, match="chưa có tệp nào"):
        connector(SourceKind.FOLDER, {"path": "*.csv"}, {}, inside=[], folder=folder).read()
