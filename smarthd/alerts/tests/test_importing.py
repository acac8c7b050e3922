"""Others' messages as drafts: verified against what was pinned, once, never sent on by themselves."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lxml import etree

from smarthd.alerts import errors
from smarthd.alerts.cap import building, keys, signing
from smarthd.alerts.commands import _fetched, group
from smarthd.alerts.models import Alert, ImportedMessage
from smarthd.alerts.rules import guessing, linting
from smarthd.alerts.rules.hazards import Hazard
from smarthd.alerts.rules.messages import Kind, Status
from smarthd.alerts.rules.states import State
from smarthd.alerts.services import content, importing
from smarthd.alerts.tests import make
from smarthd.alerts.tests.make import NOW, SYSTEM

SENDER = "canhbao@khituong.example"


class Forecaster:
    """Another house with a key of its own."""

    def __init__(self, sender: str = SENDER) -> None:
        self.sender, self.key = sender, ec.generate_private_key(ec.SECP256R1())
        self.certificate = keys.certificate_for(self.key, sender, now=NOW)
        self.pem = self.certificate.public_bytes(serialization.Encoding.PEM)

    def says(self, land: make.Land, identifier: str = "kttv.1", **changes: object) -> bytes:
        plain: dict[str, object] = {
            "identifier": identifier,
            "sender": self.sender,
            "sent": NOW,
            "status": Status.ACTUAL,
            "kind": Kind.ALERT,
            "incident": "bao-so-3",
            "references": (),
            "hazard": Hazard.STORM,
            "level": 4,
            "urgency": "Expected",
            "severity": "Severe",
            "certainty": "Likely",
            "responses": ["Shelter"],
            "texts": {"vi": ("Bão số 3 mạnh cấp 12", "Gió mạnh.", "Ở trong nhà."), "en": ("Storm 3", "Wind.", "Stay in.")},
            "sender_name": "Trung tâm Dự báo",
            "contact": "024 1",
            "effective": NOW,
            "expires": NOW + timedelta(hours=12),
            "web": "https://khituong.example/1",
            "places": [land.units["c2"].full_name],
            "codes": [("2024-01-01", land.units["c3"].code)],
            "ring": (),
        }  # fmt: skip
        message = building.Message(**(plain | changes))  # type: ignore[arg-type]
        return signing.sign(building.element(message), key=self.key, certificate=self.certificate)


@pytest.fixture
def forecaster(land: make.Land) -> Forecaster:
    house = Forecaster()
    importing.trust_source("kttv", name="Trung tâm Dự báo", sender=SENDER, certificate_pem=house.pem, actor=SYSTEM, now=NOW)  # fmt: skip
    return house


def take(raw: bytes, land: make.Land) -> list[importing.Taken]:
    return [importing.take_message(one, agency_id=land.province, actor=SYSTEM, now=NOW) for one in importing.messages_in(raw)]  # fmt: skip


def test_a_forecasters_message_becomes_a_draft_that_people_here_approve(land, forecaster):
    [taken] = take(forecaster.says(land), land)
    alert = Alert.objects.get(code=taken.code)
    assert (alert.state, alert.hazard, alert.level) == (State.DRAFT, Hazard.STORM, 4)
    assert (alert.headline_vi, alert.headline_en) == ("Bão số 3 mạnh cấp 12", "Storm 3")
    assert alert.communes == sorted(land.at("c2", "c3"))
    assert "kttv.1" in alert.from_source
    assert alert.editors == []
    assert content.problems(alert, now=NOW) == {}


def test_a_message_comes_in_once(land, forecaster):
    raw = forecaster.says(land)
    take(raw, land)
    [again] = take(raw, land)
    assert (again.code, again.note) == ("", "đã nhận trước đây")
    assert Alert.objects.count() == 1


def test_one_document_may_carry_several(land, forecaster):
    feed = etree.Element("{http://www.w3.org/2005/Atom}feed")
    for number in range(3):
        holder = etree.SubElement(etree.SubElement(feed, "{http://www.w3.org/2005/Atom}entry"), "{http://www.w3.org/2005/Atom}content")  # fmt: skip
        holder.append(etree.fromstring(forecaster.says(land, f"kttv.{number}")))
    assert len(take(etree.tostring(feed), land)) == 3


def test_nobody_unpinned_and_nobody_with_anothers_key_is_believed(land, forecaster):
    with pytest.raises(errors.CapUnsigned):
        take(Forecaster("ai-do@la.example").says(land), land)
    with pytest.raises(errors.CapUnsigned):
        take(Forecaster().says(land), land)  # the right name, another key
    with pytest.raises(errors.CapUnsigned):
        take(forecaster.says(land).replace("mạnh cấp 12".encode(), "đã tan hết".encode()), land)
    assert ImportedMessage.objects.count() == 0


def test_an_unsigned_message_is_not_believed(land, forecaster):
    root = etree.fromstring(forecaster.says(land))
    root.remove(root.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))
    with pytest.raises(errors.CapUnsigned):
        take(etree.tostring(root), land)


def test_a_source_no_longer_trusted_is_not_believed(land, forecaster):
    importing.end_source("kttv", actor=SYSTEM, now=NOW)
    with pytest.raises(errors.CapUnsigned):
        take(forecaster.says(land), land)


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"expires": NOW - timedelta(hours=1), "effective": NOW - timedelta(hours=2)}, "hết hiệu lực"),
        ({"status": Status.TEST}, "Test"),
        ({"kind": Kind.CANCEL}, "Cancel"),
    ],
)
def test_what_makes_no_draft_is_kept_with_its_reason(land, forecaster, changes, note):
    [taken] = take(forecaster.says(land, **changes), land)
    assert taken.code == ""
    assert note in taken.note
    assert ImportedMessage.objects.get().alert is None


def test_a_drill_of_theirs_is_a_drill_of_ours_and_marked_once(land, forecaster):
    [taken] = take(forecaster.says(land, status=Status.EXERCISE), land)
    alert = Alert.objects.get(code=taken.code)
    assert (alert.status, alert.headline_vi) == ("Exercise", "Bão số 3 mạnh cấp 12")


def test_what_lacks_english_waits_for_it(land, forecaster):
    root = etree.fromstring(forecaster.says(land))
    told = importing.reading.read(root)
    only = importing.reading.Read(
        **{**{name: getattr(told, name) for name in told.__slots__}, "blocks": told.blocks[:1]}
    )
    draft = importing.draft_from(only, NOW)
    assert linting._BRACKET.search(draft.headline_en)


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        (b"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'/>", errors.CapUnreadable),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", errors.CapUnreadable),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', errors.CapUnreadable),
        (b" " * 900_001, errors.CapTooLarge),
    ],
)
def test_what_is_no_message_is_refused(land, forecaster, raw, refusal):
    with pytest.raises(refusal):
        take(raw, land)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"certificate_pem": b"x"}, "certificate"), ({"sender": "a b"}, "sender"), ({"url": "http://x.example"}, "url")],
)
def test_a_source_that_is_none_is_refused(land, change, field):
    asked = {"name": "x", "sender": SENDER, "certificate_pem": Forecaster().pem, "actor": SYSTEM, "now": NOW} | change
    with pytest.raises(errors.SourceFaulty) as wrong:
        importing.trust_source("x", **asked)
    assert field in wrong.value.facts["fields"]


def test_a_certificate_of_another_kind_or_out_of_its_time_is_not_pinned(land):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1).not_valid_before(NOW - timedelta(days=1)).not_valid_after(NOW + timedelta(days=1)).sign(key, hashes.SHA256())  # fmt: skip
    for pem, now in (
        (made.public_bytes(serialization.Encoding.PEM), NOW),
        (Forecaster().pem, NOW + timedelta(days=5000)),
    ):
        with pytest.raises(errors.SourceFaulty):
            importing.trust_source("x", name="x", sender=SENDER, certificate_pem=pem, actor=SYSTEM, now=now)


@pytest.mark.parametrize(
    ("words", "hazard"),
    [
        ("Tin bão khẩn cấp", Hazard.STORM), ("Cảnh báo lũ trên sông Thái Bình", Hazard.RIVER_FLOOD), ("Severe Thunderstorm Warning", Hazard.THUNDERSTORM),
        ("Heat advisory", Hazard.HEAT), ("Rét đậm, rét hại", Hazard.COLD), ("Vỡ đê", Hazard.DIKE), ("Cháy rừng", Hazard.WILDFIRE), ("Điều lạ", Hazard.INUNDATION),
    ],
)  # fmt: skip
def test_a_hazard_is_recognised_by_its_words(words, hazard):
    assert guessing.hazard_of(words) is hazard


# --- the command ---------------------------------------------------------------------------------------------------------
def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(group, list(arguments))
    return done.exit_code, done.output


def test_the_command_pins_takes_in_and_verifies(land, phones, tmp_path: Path):
    house = Forecaster()
    (tmp_path / "chung-thu.pem").write_bytes(house.pem)
    (tmp_path / "tin.xml").write_bytes(house.says(land))
    code, said = run("trust", "kttv", "--name", "KTTV", "--sender", SENDER, "--certificate", str(tmp_path / "chung-thu.pem"))  # fmt: skip
    assert (code, SENDER in said) == (0, True)
    code, said = run("import-cap", str(tmp_path / "tin.xml"), "--agency", "ubnd-1")
    assert (code, "bản nháp CB-" in said) == (0, True)
    code, said = run("import-cap", str(tmp_path / "khong-co.xml"), "--agency", "ubnd-1")
    assert (code, "Không có tệp" in said) == (1, True)
    alert = make.issued(land)
    (tmp_path / "cua-ta.xml").write_bytes(bytes(alert.cap))
    assert run("verify", str(tmp_path / "cua-ta.xml"))[0] == 0
    (tmp_path / "cua-ta.xml").write_bytes(bytes(alert.cap).replace(b"Severe", b"Minor"))
    assert run("verify", str(tmp_path / "cua-ta.xml"))[0] == 1
    assert alert.code in run("list")[1]
    assert run("publish-files")[0] == 0
    assert "BEGIN CERTIFICATE" in run("certificate")[1]


@pytest.mark.parametrize("url", ["http://x.example/a", "https://127.0.0.1/a", "https://user@x.example/", "https://[::1]/", "file:///etc/passwd"])  # fmt: skip
def test_no_address_inside_the_house_is_fetched(url):
    from click import ClickException

    with pytest.raises(ClickException):
        _fetched(url)


def test_a_message_of_200_megabytes_is_refused_without_being_read(land, tmp_path: Path):
    import tracemalloc

    huge = tmp_path / "tin.xml"
    with huge.open("wb") as out:
        out.write(b"<alert>")
        out.truncate(200_000_000)
    tracemalloc.start()
    code, said = run("import-cap", str(huge), "--agency", "ubnd-1")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (code, "Bản tin quá lớn" in said) == (1, True)
    assert most < 20_000_000
