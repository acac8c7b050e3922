"""Every variable the product reads from its environment: typed, documented, checked once at start.

``load()`` either returns an :class:`Env` or raises :class:`EnvProblems`, which lists **all** that is missing or wrong, in
Vietnamese, one line each. Nothing else in the project reads ``os.environ`` for its own settings.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

ROOT = Path(__file__).resolve().parent.parent


class EnvProblems(Exception):
    """The environment cannot be used; ``lines`` says what, where and how to mend it."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _postgres_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        fits = not value or (parts.scheme in {"postgres", "postgresql"} and parts.port != 0)
    except ValueError:  # a port that is no number, a bracket left open
        fits = False
    if not fits:
        msg = "chỉ nhận địa chỉ PostgreSQL, ví dụ postgresql://smarthd:mật-khẩu@may-chu:5432/smarthd"
        raise ValueError(msg)
    return value


def _aware(value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        msg = "thiếu múi giờ, ví dụ 2024-04-01T08:00:00+07:00"
        raise ValueError(msg)
    return value


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        msg = "phải là địa chỉ gốc, ví dụ https://smart.haiduong.gov.vn"
        raise ValueError(msg)
    return value.rstrip("/")


def _mail_url(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
        msg = "chỉ nhận smtp:// hoặc smtps://, ví dụ smtp://tai-khoan:mat-khau@mail.haiduong.gov.vn:587"
        raise ValueError(msg)
    return value


class Env(BaseModel):
    """The settings of one installation. Field descriptions are printed by ``smarthd env``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["demo", "production", "test"] = Field(
        "demo", alias="SMARTHD_MODE", description="demo (bản dùng thử), production (chính thức) hoặc test"
    )
    host: str = Field("127.0.0.1", alias="HOST", description="địa chỉ máy chủ web lắng nghe")
    port: int = Field(8000, alias="PORT", ge=1, le=65535, description="cổng của máy chủ web")
    data_dir: Path = Field(
        ROOT / ".data", alias="DATA_DIR", description="thư mục dữ liệu: PostgreSQL nhúng, tệp tải lên, khóa"
    )
    database_url: Annotated[str, AfterValidator(_postgres_url)] = Field(
        "",
        alias="DATABASE_URL",
        repr=False,
        description="máy chủ PostgreSQL có sẵn; để trống thì dùng PostgreSQL nhúng",
    )
    secret_key: str = Field(
        "", alias="SECRET_KEY", repr=False, description="khóa ký phiên đăng nhập; bắt buộc khi chính thức, từ 50 ký tự"
    )
    sealing_key: str = Field(
        "",
        alias="SEALING_KEY",
        repr=False,
        description="khóa niêm phong dữ liệu cá nhân, 32 byte viết bằng 64 chữ số hex; bắt buộc khi chính thức",
    )
    origin: Annotated[str, AfterValidator(_origin)] = Field(
        "http://127.0.0.1:8000", alias="ORIGIN", description="địa chỉ gốc người dân mở ứng dụng"
    )
    allowed_hosts: list[str] = Field(
        default_factory=lambda: ["127.0.0.1", "localhost"],
        alias="ALLOWED_HOSTS",
        description="tên máy chủ được phép, cách nhau dấu phẩy",
    )
    web_workers: int = Field(2, alias="WEB_WORKERS", ge=1, le=64, description="số tiến trình web")
    web_threads: int = Field(4, alias="WEB_THREADS", ge=1, le=64, description="số luồng trong mỗi tiến trình web")
    connector_inside_hosts: list[str] = Field(
        default_factory=list,
        alias="CONNECTOR_INSIDE_HOSTS",
        description="máy chủ trong mạng nội bộ mà nguồn dữ liệu được đọc (tên hoặc tên:cổng), cách nhau dấu phẩy",
    )
    open_data_per_hour: int = Field(
        3_000,
        alias="OPEN_DATA_PER_HOUR",
        ge=1,
        le=10_000_000,
        description="số lần lấy dữ liệu mở mỗi giờ của một địa chỉ không có khóa",
    )
    connector_drop_dir: Path | None = Field(
        None,
        alias="CONNECTOR_DROP_DIR",
        description="thư mục nhận tệp của các nguồn “tệp thả vào thư mục”, mỗi nguồn một thư mục con; để trống là không nhận",
    )
    play_port: int = Field(
        8790,
        alias="PLAY_PORT",
        ge=0,
        le=65535,
        description="cổng của máy chủ đóng vai hệ thống các sở trong bản dùng thử; 0 là không chạy",
    )
    worker_tasks: int = Field(2, alias="WORKER_TASKS", ge=1, le=64, description="số việc chạy nền làm cùng lúc")
    now: Annotated[datetime | None, AfterValidator(_aware)] = Field(
        None,
        alias="SMARTHD_NOW",
        description="đặt đồng hồ cho bản dùng thử, ví dụ 2024-04-01T08:00:00+07:00; cấm khi chính thức",
    )
    now_set_at: Annotated[datetime | None, AfterValidator(_aware)] = Field(
        None,
        alias="SMARTHD_NOW_SET_AT",
        description="thời điểm thật lúc đặt SMARTHD_NOW, để mọi tiến trình cùng một giờ; `smarthd run` tự đặt",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", alias="LOG_LEVEL", description="mức ghi nhật ký"
    )
    sms_gateway_url: str = Field(
        "", alias="SMS_GATEWAY_URL", description="cổng tin nhắn HTTP; để trống thì in mã ra màn hình máy chủ"
    )
    sms_gateway_token: str = Field("", alias="SMS_GATEWAY_TOKEN", description="mã truy cập cổng tin nhắn", repr=False)
    mail_url: Annotated[str, AfterValidator(_mail_url)] = Field(
        "",
        alias="MAIL_URL",
        repr=False,
        description="máy chủ thư: smtp://tài-khoản:mật-khẩu@máy-chủ:587 hoặc smtps://…:465; để trống thì in thư ra màn hình máy chủ",
    )
    mail_from: str = Field(
        "",
        alias="MAIL_FROM",
        description="địa chỉ gửi thư công vụ, ví dụ Smart-HaiDuong <khong-tra-loi@haiduong.gov.vn>",
    )
    zalo_token: str = Field(
        "",
        alias="ZALO_TOKEN",
        repr=False,
        description="mã truy cập Zalo Official Account; để trống thì in ra màn hình máy chủ",
    )
    zalo_template: str = Field(
        "", alias="ZALO_TEMPLATE", description="mã mẫu tin Zalo đã đăng ký, có tham số tieu_de, noi_dung, lien_ket"
    )
    texts_most: int = Field(
        0,
        alias="TEXTS_MOST",
        ge=0,
        le=1_000_000,
        description="một cảnh báo gửi nhiều nhất bao nhiêu tin Zalo, SMS tới người chưa nhận được thông báo đẩy; 0 thì không gửi",
    )
    push_loopback: bool = Field(
        default=False,
        alias="PUSH_LOOPBACK",
        description="nhận cả máy chủ thông báo ngay trên máy này (smarthd messaging sink), chỉ để thử; cấm khi chính thức",
    )
    push_rehearsal: bool = Field(
        default=False,
        alias="PUSH_REHEARSAL",
        description="chỉ dùng bởi “smarthd rehearse”: bản diễn tập, chỉ gửi được tới chính máy này; cấm khi chính thức",
    )
    push_contact: str = Field(
        "",
        alias="PUSH_CONTACT",
        description="nơi các máy chủ thông báo liên hệ khi có sự cố, ví dụ mailto:truc@haiduong.gov.vn; để trống thì nêu ORIGIN",
    )
    push_processes: int = Field(1, alias="PUSH_PROCESSES", ge=0, le=32, description="số tiến trình gửi thông báo đẩy")
    metrics_token: str = Field(
        "",
        alias="METRICS_TOKEN",
        repr=False,
        description="mã để hệ thống giám sát đọc /metrics; để trống thì không có trang ấy",
    )
    relay_url: str = Field(
        "",
        alias="RELAY_URL",
        repr=False,
        description="máy chủ NATS trao đổi cảnh báo với tỉnh khác và trung ương: tls://tài-khoản:mật-khẩu@máy-chủ:4222; để trống thì không trao đổi",
    )
    relay_cell: str = Field(
        "",
        alias="RELAY_CELL",
        description="tên của nơi này trên máy chủ trao đổi, chữ thường không dấu, ví dụ hai-duong",
    )
    relay_ca: str = Field(
        "", alias="RELAY_CA", description="tệp chứng thư gốc (PEM) của máy chủ trao đổi; để trống thì theo hệ điều hành"
    )
    open311_jurisdiction: str = Field(
        "",
        alias="OPEN311_JURISDICTION",
        description="jurisdiction_id của địa phương trong Open311, ví dụ haiduong.gov.vn; để trống thì lấy tên máy chủ của ORIGIN",
    )
    open311_sources: list[str] = Field(
        default_factory=list,
        alias="OPEN311_SOURCES",
        description="máy chủ Open311 được phép nhập phản ánh, cách nhau dấu phẩy; để trống thì không nhập từ đâu",
    )
    oidc_issuer: str = Field(
        "", alias="OIDC_ISSUER", description="nhà cung cấp định danh OIDC (kiểu VNeID); để trống thì tắt"
    )
    oidc_client_id: str = Field("", alias="OIDC_CLIENT_ID", description="mã ứng dụng tại nhà cung cấp OIDC")
    oidc_client_secret: str = Field(
        "", alias="OIDC_CLIENT_SECRET", description="mật khẩu ứng dụng tại nhà cung cấp OIDC", repr=False
    )

    @property
    def production(self) -> bool:
        """Say whether this installation serves the public for real."""
        return self.mode == "production"

    @model_validator(mode="after")
    def _production_is_strict(self) -> Env:
        problems = []
        if self.production:
            if len(self.secret_key) < 50:
                problems.append("SECRET_KEY: bản chính thức cần khóa ký từ 50 ký tự trở lên")
            if self.push_loopback:
                problems.append("PUSH_LOOPBACK: bản chính thức không gửi thông báo tới máy chủ nội bộ")
            if self.now is not None:
                problems.append("SMARTHD_NOW: bản chính thức không được đặt đồng hồ")
            if not self.origin.startswith("https://"):
                problems.append("ORIGIN: bản chính thức phải dùng https")
            if urlsplit(self.origin).hostname not in self.allowed_hosts and "*" not in self.allowed_hosts:
                problems.append("ALLOWED_HOSTS: phải có tên máy chủ của ORIGIN, nếu không mọi trang đều bị từ chối")
            if not self.sealing_key:
                problems.append("SEALING_KEY: bản chính thức cần khóa niêm phong dữ liệu cá nhân")
        if self.sealing_key and (
            len(self.sealing_key) != 64 or set(self.sealing_key.lower()) - set("0123456789abcdef")
        ):
            problems.append("SEALING_KEY: phải là 64 chữ số hex (32 byte)")
        if self.mail_url and "@" not in self.mail_from:
            problems.append("MAIL_FROM: cần địa chỉ gửi thư khi đã đặt MAIL_URL")
        problems += [*_relay_problems(self), *_rehearsal_problems(self)]
        if bool(self.zalo_token) != bool(self.zalo_template):
            problems.append("ZALO_TOKEN và ZALO_TEMPLATE: phải có cả hai hoặc để trống cả hai")
        if bool(self.oidc_issuer) != bool(self.oidc_client_id):
            problems.append("OIDC_ISSUER và OIDC_CLIENT_ID: phải có cả hai hoặc để trống cả hai")
        if problems:
            raise ValueError("\n".join(problems))
        return self


def _rehearsal_problems(env: Env) -> list[str]:
    if not env.push_rehearsal:
        return []
    here = not env.database_url or parse_qs(urlsplit(env.database_url).query).get("host", [""])[0].startswith("/")
    if env.production or not here:
        return ["PUSH_REHEARSAL: chỉ dành cho bản diễn tập do “smarthd rehearse” tự dựng"]
    return []


def _relay_problems(env: Env) -> list[str]:
    problems = []
    parts = urlsplit(env.relay_url)
    if env.relay_url and (parts.scheme not in {"nats", "tls"} or not parts.hostname):
        problems.append("RELAY_URL: chỉ nhận nats://máy-chủ:4222 hoặc tls://máy-chủ:4222")
    elif env.production and parts.scheme == "nats" and parts.hostname not in {"127.0.0.1", "::1", "localhost"}:
        problems.append("RELAY_URL: bản chính thức chỉ đi qua mạng bằng tls://")
    if env.relay_url and not env.relay_cell:
        problems.append("RELAY_CELL: cần tên của nơi này khi đã đặt RELAY_URL")
    if env.relay_cell and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", env.relay_cell[:41]):
        problems.append("RELAY_CELL: chỉ chữ thường không dấu, chữ số và gạch nối, ví dụ hai-duong")
    if len(env.relay_cell) > 40:
        problems.append("RELAY_CELL: dài nhất 40 ký tự")
    return problems


_WORDS = {
    "int_parsing": "phải là số nguyên",
    "greater_than_equal": "nhỏ hơn mức cho phép ({ge})",
    "less_than_equal": "lớn hơn mức cho phép ({le})",
    "literal_error": "chỉ nhận một trong: {expected}",
    "datetime_from_date_parsing": "không phải ngày giờ, ví dụ 2024-04-01T08:00:00+07:00",
    "datetime_parsing": "không phải ngày giờ, ví dụ 2024-04-01T08:00:00+07:00",
}


def _line(error: Any) -> list[str]:
    context: dict[str, Any] = error.get("ctx", {})
    if error["type"] == "value_error":
        words = str(context["error"])
        return words.split("\n") if not error["loc"] else [f"{error['loc'][0]}: {words}"]
    context = {name: str(value).replace(" or ", ", ").replace("'", "") for name, value in context.items()}
    words = _WORDS.get(error["type"], str(error["msg"])).format(**context)
    return [f"{error['loc'][0]}: {words}, đang là “{error['input']}”"]


def load(environ: Mapping[str, str] | None = None) -> Env:
    """Read the environment, or raise EnvProblems listing every variable that is missing or wrong."""
    source = os.environ if environ is None else environ
    names = {str(field.alias) for field in Env.model_fields.values()}
    values: dict[str, object] = {name: source[name] for name in names if source.get(name)}
    for name in ("ALLOWED_HOSTS", "OPEN311_SOURCES", "CONNECTOR_INSIDE_HOSTS"):
        if name in values:
            values[name] = _split(values[name])
    if "PORT" in values and "ORIGIN" not in values:
        values["ORIGIN"] = f"http://127.0.0.1:{values['PORT']}"
    try:
        return Env.model_validate(values)
    except ValidationError as refusal:
        raise EnvProblems(_all_lines(values, refusal)) from None


def _all_lines(values: dict[str, object], refusal: ValidationError) -> list[str]:
    """Return everything wrong: pydantic leaves rules of the whole unasked while one value is wrong, so they are asked without it."""
    lines = [line for error in refusal.errors() for line in _line(error)]
    wrong = {str(error["loc"][0]) for error in refusal.errors() if error["loc"]}
    if wrong:
        try:
            Env.model_validate({name: value for name, value in values.items() if name not in wrong})
        except ValidationError as more:
            rest = [line for error in more.errors() for line in _line(error)]
            lines += [line for line in rest if line.split(":", 1)[0] not in wrong]
    return lines
