"""The environment is read once, and everything wrong with it is said at once."""

from __future__ import annotations

import pytest

from config import env


def problems_of(**variables: str) -> list[str]:
    with pytest.raises(env.EnvProblems) as refusal:
        env.load(variables)
    return refusal.value.lines


def test_an_empty_environment_is_a_demonstration() -> None:
    loaded = env.load({})
    assert (loaded.mode, loaded.port, loaded.production) == ("demo", 8000, False)


def test_all_wrong_variables_are_listed_at_once() -> None:
    lines = problems_of(
        PORT="cửa", WEB_WORKERS="0", DATABASE_URL="mysql://x", SMARTHD_NOW="2024-04-01T08:00:00", ORIGIN="ftp://x"
    )
    assert {line.split(":")[0] for line in lines} == {"PORT", "WEB_WORKERS", "DATABASE_URL", "SMARTHD_NOW", "ORIGIN"}


def test_a_wrong_value_hides_nothing_of_what_is_missing() -> None:
    lines = problems_of(SMARTHD_MODE="production", PORT="cửa", ORIGIN="ftp://x", MAIL_URL="smtp://x.vn")
    assert [line.split(":")[0] for line in lines] == ["PORT", "ORIGIN", "SECRET_KEY", "SEALING_KEY", "MAIL_FROM"]


def test_production_demands_keys_https_and_the_real_clock() -> None:
    lines = problems_of(SMARTHD_MODE="production", SMARTHD_NOW="2024-04-01T08:00:00+07:00", SECRET_KEY="ngắn")
    assert {line.split(":")[0] for line in lines} == {"SECRET_KEY", "SMARTHD_NOW", "ORIGIN", "SEALING_KEY"}


def test_every_list_is_written_with_commas() -> None:
    names = [str(one.alias) for one in env.Env.model_fields.values() if one.annotation == list[str]]
    assert len(names) >= 3
    loaded = env.load({"SMARTHD_MODE": "test", **dict.fromkeys(names, "https://a.vn/x, https://b.vn/y")})
    told = [getattr(loaded, field) for field, one in env.Env.model_fields.items() if str(one.alias) in names]
    assert told == [["https://a.vn/x", "https://b.vn/y"]] * len(names)


def test_production_knows_the_name_it_is_opened_by() -> None:
    keys = {"SMARTHD_MODE": "production", "SECRET_KEY": "k" * 50, "SEALING_KEY": "ab" * 32, "ORIGIN": "https://x.vn"}
    assert [line.split(":")[0] for line in problems_of(**keys)] == ["ALLOWED_HOSTS"]
    assert env.load({**keys, "ALLOWED_HOSTS": "x.vn, 127.0.0.1"}).production


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "postgresql://a:b@may-chu:cong/smarthd", "postgresql://[x", "may-chu:5432"]
)
def test_a_database_address_that_cannot_be_one_is_refused_by_name(url: str) -> None:
    [line] = problems_of(DATABASE_URL=url)
    assert line.startswith("DATABASE_URL: chỉ nhận địa chỉ PostgreSQL")


def test_the_origin_follows_the_port_unless_told() -> None:
    assert env.load({"PORT": "9001"}).origin == "http://127.0.0.1:9001"
    assert env.load({"PORT": "9001", "ORIGIN": "https://app.example/"}).origin == "https://app.example"


def test_secrets_are_not_shown_by_repr() -> None:
    loaded = env.load({"SMS_GATEWAY_TOKEN": "rat-bi-mat", "SECRET_KEY": "k" * 50, "SEALING_KEY": "ab" * 32})
    shown = repr(loaded)
    assert "rat-bi-mat" not in shown
    assert "k" * 50 not in shown
    assert "ab" * 32 not in shown


def test_every_variable_is_documented() -> None:
    assert all(field.description and field.alias for field in env.Env.model_fields.values())


def test_a_mail_server_is_named_by_its_scheme_and_needs_a_sender() -> None:
    assert problems_of(MAIL_URL="http://x.vn")[0].startswith("MAIL_URL:")
    assert problems_of(MAIL_URL="smtp://x.vn")[0].startswith("MAIL_FROM:")
    loaded = env.load({"MAIL_URL": "smtp://a:rat-bi-mat@x.vn", "MAIL_FROM": "a@x.vn"})
    assert "rat-bi-mat" not in repr(loaded)
