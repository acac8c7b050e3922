"""What the data centre copies from ``deploy/`` is what the programs take: units, settings, the reverse proxy."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config import cli, env
from tests.environment import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def _settings() -> dict[str, str]:
    lines = (DEPLOY / "env.example").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_a_unit_starts_a_program_there_is(unit: Path) -> None:
    [line] = re.findall(r"^ExecStart=(.+)$", unit.read_text("utf-8"), re.M)
    program, *arguments = shlex.split(re.sub(r"\$\{\w+\}", "2", line))
    if program.endswith("/python"):
        assert arguments[0] == "-m"
        assert find_spec(arguments[1]) is not None
        return
    assert program.endswith("/smarthd")
    command: click.Command = cli.main
    context = click.Context(command)
    while isinstance(command, click.Group):
        command = command.get_command(context, arguments[0]) or pytest.fail(f"no command {arguments[0]}")
        arguments = arguments[1:]
        context = click.Context(command, parent=context)
    command.make_parser(context).parse_args(args=arguments)


def test_the_example_of_settings_names_only_settings_there_are_and_lacks_only_the_keys() -> None:
    said = _settings()
    names = {str(field.alias) for field in env.Env.model_fields.values()}
    assert set(said) <= names
    with pytest.raises(env.EnvProblems) as problems:
        env.load(said)
    assert all("KEY" in line for line in problems.value.lines), problems.value.lines


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_the_reverse_proxy_takes_its_file(tmp_path: Path) -> None:
    _certificate(tmp_path)
    said = (DEPLOY / "nginx.conf").read_text("utf-8")
    for place in ("/etc/ssl/smarthd", "/etc/nginx", "/var/log/nginx"):
        said = said.replace(place, str(tmp_path))
    shutil.copy(DEPLOY / "smarthd-proxy.conf", tmp_path)
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/nginx.pid;\nevents {{}}\nhttp {{\n{said}\n}}\n", "utf-8")
    done = subprocess.run(
        ["nginx", "-t", "-q", "-e", str(tmp_path / "error.log"), "-c", str(whole)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "smart.example.gov.vn")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
