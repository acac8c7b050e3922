"""One contract for the exchange in memory and the real one: order, once an id, read on where it was left."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from smarthd.alerts.adapters.exchanges import NatsExchange
from smarthd.alerts.adapters.fake import FakeExchange, FakeLog
from smarthd.alerts.ports import Exchange, ExchangeLost
from smarthd.alerts.tests.jetstream import JetStream
from tests.environment import ROOT

Join = Callable[[str], Exchange]


@pytest.fixture(scope="module")
def server() -> Iterator[JetStream]:
    with JetStream() as running:
        yield running


@pytest.fixture(params=["fake", "nats"])
def join(request: pytest.FixtureRequest) -> Iterator[Join]:
    """Return how a cell joins an empty log."""
    made: list[Exchange] = []
    log = FakeLog()
    if request.param == "nats":
        server: JetStream = request.getfixturevalue("server")
        server.kill()
        server.forget()
        server.start()

    def joined(cell: str) -> Exchange:
        one: Exchange = FakeExchange(log) if request.param == "fake" else NatsExchange(server.url, patience_s=1)
        made.append(one)
        one.open(cell)
        return one

    yield joined
    for one in made:
        one.close()


def read(exchange: Exchange, most: int = 9) -> list[tuple[int, str, bytes]]:
    found = []
    while len(found) < most and (received := exchange.next(0.3)) is not None:
        found.append((received.sequence, received.cell, received.body))
        exchange.done(received)
    return found


def test_messages_come_in_order_with_the_name_of_who_posted_them(join: Join) -> None:
    ours, theirs = join("hai-duong"), join("trung-uong")
    for number in range(3):
        assert theirs.post(f"id-{number}", b"%d" % number) == number + 1
    assert ours.post("id-x", b"x") == 4
    ours.follow(0)
    assert read(ours) == [(1, "trung-uong", b"0"), (2, "trung-uong", b"1"), (3, "trung-uong", b"2"), (4, "hai-duong", b"x")]  # fmt: skip


def test_the_same_id_is_the_same_message(join: Join) -> None:
    ours = join("hai-duong")
    assert ours.post("id", b"1") == ours.post("id", b"1") == 1
    ours.follow(0)
    assert len(read(ours)) == 1


def test_what_was_not_done_comes_again_and_reading_goes_on_anywhere(join: Join) -> None:
    first = join("hai-duong")
    for number in range(4):
        first.post(f"id-{number}", b"%d" % number)
    first.follow(0)
    assert [place for place, _, _ in read(first, most=2)] == [1, 2]
    first.close()
    again = join("hai-duong")
    again.follow(2)
    assert [place for place, _, _ in read(again)] == [3, 4]
    behind = join("hai-duong")  # the database was brought back from a backup: the log's own mark is ahead of it
    behind.follow(1)
    assert [place for place, _, _ in read(behind)] == [2, 3, 4]


def test_another_cell_reads_for_itself(join: Join) -> None:
    ours, theirs = join("hai-duong"), join("hung-yen")
    ours.post("id", b"1")
    for one in (ours, theirs):
        one.follow(0)
        assert len(read(one)) == 1


def test_a_server_that_is_gone_is_said_and_keeps_what_it_was_given(server: JetStream) -> None:
    exchange = NatsExchange(server.url, patience_s=1)
    log = exchange.open("hai-duong")
    place = exchange.post("id-kept", b"kept")
    exchange.follow(place - 1)
    server.kill()
    with pytest.raises(ExchangeLost):
        exchange.post("id-lost", b"lost")
    with pytest.raises(ExchangeLost):
        exchange.next(0.2)
    exchange.close()
    nobody = NatsExchange(server.url, patience_s=1)
    with pytest.raises(ExchangeLost):
        nobody.open("hai-duong")
    nobody.close()
    server.start()
    again = NatsExchange(server.url, patience_s=1)
    assert again.open("hai-duong") == log
    again.follow(place - 1)
    assert read(again) == [(place, "hai-duong", b"kept")]
    again.close()
    server.kill()
    server.forget()
    server.start()
    anew = NatsExchange(server.url, patience_s=1)
    assert anew.open("hai-duong") != log
    anew.close()


def test_the_accounts_we_ship_let_a_cell_write_under_its_own_name_only() -> None:
    shipped = (ROOT / "deploy/nats-cells.conf").read_text()
    users = shipped[shipped.index("authorization {") :].replace("$2a$11$replace-me-", "word-")
    with JetStream(users) as server:
        centre, province = (
            NatsExchange(server.url_of("trung-uong", "word-centre"), patience_s=1),
            NatsExchange(server.url_of("hai-duong", "word-province"), patience_s=1),
        )
        centre.open("trung-uong")
        province.open("hai-duong")
        province.follow(0)
        assert centre.post("id-1", b"1") == 1
        assert province.post("id-2", b"2") == 2
        assert read(province) == [(1, "trung-uong", b"1"), (2, "hai-duong", b"2")]
        province.follow(0)  # its own consumer it may make anew
        assert len(read(province)) == 2
        province.open("trung-uong")
        with pytest.raises(ExchangeLost):
            province.post("forged", b"x")
        with pytest.raises(ExchangeLost):
            province.follow(0)
        centre.follow(0)
        assert [body for _, _, body in read(centre)] == [b"1", b"2"]
        for one in (centre, province):
            one.close()
