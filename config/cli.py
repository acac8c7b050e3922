"""``smarthd``: every command of the product. Each context brings a click group in its ``commands.py``, found by name."""

from __future__ import annotations

import gettext
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from config.env import Env

# click asks the program's own gettext domain; this sets it, for this process, to our Vietnamese words.
gettext.bindtextdomain("click", str(Path(__file__).parent / "locale"))
gettext.textdomain("click")
os.environ["LANGUAGE"] = "vi"

CONTEXTS = (
    "places",
    "people",
    "messaging",
    "agencies",
    "content",
    "rollout",
    "fieldreports",
    "alerts",
    "channels",
    "connectors",
    "insights",
    "finding",
    "publicapi",
)


_PLACEHOLDERS: tuple[tuple[type[click.ParamType[Any]], str], ...] = (
    (click.DateTime, "NGÀY"),
    (click.types.IntParamType, "SỐ"),
    (click.types.StringParamType, "CHỮ"),
    (click.types.UUIDParameterType, "MÃ"),
)


def _say_in_vietnamese(command: click.Command) -> None:
    """Replace the words of click that do not pass through its translations: the placeholders of usage lines."""
    command.options_metavar = "[TÙY CHỌN]"
    for parameter in command.params:
        flag = isinstance(parameter, click.Option) and parameter.is_flag
        if parameter.metavar is None and not flag:
            parameter.metavar = next((word for kind, word in _PLACEHOLDERS if isinstance(parameter.type, kind)), None)
    if isinstance(command, click.Group):
        command.subcommand_metavar = "LỆNH [THAM SỐ]..."
        for below in command.commands.values():
            _say_in_vietnamese(below)


class Smarthd(click.Group):
    """Loads a context's commands only when they are asked for, so that ``smarthd --help`` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        own = super().list_commands(ctx)
        return sorted([*own, *(name for name in CONTEXTS if find_spec(f"smarthd.{name}.commands"))])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in CONTEXTS or find_spec(f"smarthd.{cmd_name}.commands") is None:
            return super().get_command(ctx, cmd_name)
        prepare()
        command: click.Command = import_module(f"smarthd.{cmd_name}.commands").group
        _say_in_vietnamese(command)
        return command


def prepare() -> None:
    """Make Django ready, or say in Vietnamese what is wrong with the environment."""
    from config.env import EnvProblems

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        import django

        django.setup()
    except EnvProblems as problems:
        _refuse(problems.lines)
    if not {"-h", "--help"} & set(sys.argv):
        _bring_database()


def _bring_database() -> None:
    """Start the embedded database for the length of this command when nobody else runs it."""
    import atexit

    from config import postgres
    from config.settings import ENV

    if ENV.database_url or postgres.is_running(ENV.data_dir):
        return
    if not postgres.has_data(ENV.data_dir):
        _refuse_step(
            f"Chưa có dữ liệu trong {ENV.data_dir}. Hãy chạy “make run” một lần, hoặc đặt DATA_DIR, DATABASE_URL."
        )
    try:
        postgres.start(ENV.data_dir)
    except postgres.PostgresProblem as problem:
        _refuse_step(str(problem))
    atexit.register(postgres.stop, ENV.data_dir)


def entry() -> None:
    """Run the command line; a database out of reach is a sentence, not a traceback."""
    try:
        main()
    except Exception as problem:
        if type(problem).__name__ not in {"OperationalError", "PoolTimeout"}:
            raise
        click.echo(f"Không nối được cơ sở dữ liệu: {problem}", err=True)
        click.echo("Hãy kiểm tra DATABASE_URL, hoặc chạy “make run” (hay “smarthd db-start”) trước.", err=True)
        sys.exit(3)


def _settings() -> Env:
    """Return the environment, or list all that is wrong with it."""
    from config import env

    try:
        return env.load()
    except env.EnvProblems as problems:
        _refuse(problems.lines)


def _refuse(lines: list[str]) -> NoReturn:
    click.echo("Cấu hình chưa dùng được:", err=True)
    for line in lines:
        click.echo(f"  - {line}", err=True)
    sys.exit(2)


@click.group(cls=Smarthd, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Smart-HaiDuong: ứng dụng của tỉnh dành cho người dân, việc triển khai và những con số trung thực."""


@main.command("run")
@click.option("--no-demo-data", is_flag=True, help="Không nạp dữ liệu dùng thử.")
def run_command(*, no_demo_data: bool) -> None:
    """Chạy cả hệ thống: cơ sở dữ liệu, máy chủ web, việc chạy nền."""
    from config import run

    settings = _settings()
    click.echo("Smart-HaiDuong: đang khởi động")
    try:
        run.run(settings, demo_data=not no_demo_data)
    except run.StopRequested:
        click.echo("Đã dừng sạch sẽ. Dữ liệu được giữ nguyên.")
    except run.CannotRun as problem:
        click.echo(f"Không chạy được: {problem}", err=True)
        sys.exit(1)


@main.command("env")
def env_command() -> None:
    """Liệt kê mọi biến cấu hình, ý nghĩa và giá trị mặc định; nói hết những gì đang thiếu hay sai."""
    from config.env import Env, EnvProblems, load

    for field in Env.model_fields.values():
        default = "" if field.default_factory or field.default in ("", None) else f" (mặc định: {field.default})"
        click.echo(f"{field.alias:22} {field.description}{default}")
    try:
        load()
    except EnvProblems as problems:
        _refuse(problems.lines)
    click.echo("Cấu hình hiện nay dùng được.")


@main.command("set-clock")
@click.argument("instant", required=False)
def set_clock_command(*, instant: str | None) -> None:
    """Đặt đồng hồ của bản dùng thử đang chạy, ví dụ 2024-04-12T16:59:00+07:00; không ghi giờ thì trả về giờ thật."""
    prepare()
    from datetime import datetime

    from smarthd.kernel import clock

    try:
        wanted = datetime.fromisoformat(instant) if instant else None
    except ValueError:
        _refuse_step(f"Không đọc được “{instant}”. Ví dụ đúng: 2024-04-12T16:59:00+07:00")
    if wanted is not None and wanted.tzinfo is None:
        _refuse_step("Thiếu múi giờ. Ví dụ đúng: 2024-04-12T16:59:00+07:00")
    try:
        clock.tell_everyone(wanted)
    except RuntimeError:
        _refuse_step("Bản chính thức chạy theo giờ thật, không đặt được đồng hồ.")
    click.echo(f"Đồng hồ: {clock.now().astimezone(clock.ZONE):%H:%M:%S %d/%m/%Y}")


@main.command("db-start")
def db_start_command() -> None:
    """Khởi động riêng cơ sở dữ liệu nhúng, để chạy các lệnh khác khi máy chủ web chưa chạy."""
    from config import postgres

    settings = _settings()
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        postgres.start(settings.data_dir)
    except (postgres.PostgresProblem, OSError) as problem:
        _refuse_step(f"Không khởi động được cơ sở dữ liệu: {problem}")
    click.echo(f"PostgreSQL nhúng đang chạy trên {postgres.folder(settings.data_dir)}")


@main.command("db-stop")
def db_stop_command() -> None:
    """Dừng cơ sở dữ liệu nhúng."""
    from config import postgres

    postgres.stop(_settings().data_dir)
    click.echo("Đã dừng PostgreSQL nhúng.")


@main.command("seed-demo")
@click.option("--if-empty", is_flag=True, help="Không làm gì nếu dữ liệu dùng thử đã có đủ.")
def seed_demo_command(*, if_empty: bool) -> None:
    """Nạp dữ liệu dùng thử: tỉnh thu nhỏ 1/100, chiến dịch năm 2024 và chiến dịch đang chạy."""
    from config.seeding import record

    if if_empty and record.demo_is_whole(_settings()):
        return
    prepare()
    from config.seeding import demo
    from smarthd.kernel import clock

    try:
        for done in demo.plant(now=clock.now()):
            click.echo(f"  ✓ {done.words}: {done.said} ({done.seconds:.1f} giây)")
    except demo.CannotPlant as refusal:
        _refuse_step(str(refusal))


@main.command("seed-load")
@click.option(
    "--scale",
    type=click.Choice(["S", "M", "L"]),
    required=True,
    help="Cỡ: S thử nhanh, M cả tỉnh, L thành phố sau sáp nhập.",
)
@click.option("--force", metavar="TÊN", default="", help="Nạp cả khi đã có dữ liệu; gõ đúng tên cơ sở dữ liệu.")
def seed_load_command(*, scale: str, force: str) -> None:
    """Nạp thế giới lớn để đo tốc độ; không bao giờ vào bản chính thức."""
    prepare()
    from config.seeding import load

    try:
        for line in load.plant(scale, typed_name=force):
            click.echo(f"  {line}")
    except load.CannotLoad as refusal:
        _refuse_step(str(refusal))


@main.command("rehearse")
@click.option(
    "--phones", type=click.IntRange(100, 5_000_000), default=1_000_000, show_default=True, help="Số máy diễn tập."
)
@click.option("--processes", type=click.IntRange(1, 32), default=1, show_default=True, help="Số tiến trình gửi.")
@click.option("--faults", default="", metavar="LỖI,…", help="Sự cố giữa chừng: kill, database, disk.")
@click.option("--no-pool", is_flag=True, help="Không làm sẵn khóa: đo cách gửi dự phòng.")
@click.option("--no-store", is_flag=True, help="Không lưu kết quả vào hệ thống.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
def rehearse_command(*, phones: int, processes: int, faults: str, no_pool: bool, no_store: bool, as_json: bool) -> None:
    """Diễn tập gửi cảnh báo cỡ thật trong một bản riêng dùng một lần; không điện thoại thật nào nhận được gì."""
    from config import rehearsal
    from config.rehearsal import telling

    chosen = tuple(dict.fromkeys(part.strip() for part in faults.split(",") if part.strip()))
    if unknown := [one for one in chosen if one not in rehearsal.FAULTS]:
        _refuse_step(f"--faults chỉ nhận {', '.join(rehearsal.FAULTS)}; không có “{unknown[0]}”.")
    if not no_store:
        prepare()
    plan = rehearsal.Plan(phones=phones, processes=processes, faults=chosen, pool=not no_pool)
    try:
        found = rehearsal.run(plan, say=lambda line: click.echo(line, err=as_json))
    except rehearsal.CannotRehearse as refusal:
        _refuse_step(str(refusal))
    wrong = telling.problems(found) if no_store else telling.store(found)
    click.echo(telling.as_json(found, wrong) if as_json else telling.as_words(found, wrong))
    sys.exit(1 if wrong else 0)


@main.command("demo-accounts")
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON.")
def demo_accounts_command(*, as_json: bool) -> None:
    """In các tài khoản dùng thử và cách đăng nhập."""
    prepare()
    from config.seeding import accounts
    from smarthd.kernel import clock

    now = clock.now()
    click.echo(accounts.as_json(now) if as_json else accounts.as_table(now))


def _refuse_step(words: str) -> NoReturn:
    click.echo(words, err=True)
    sys.exit(1)


_say_in_vietnamese(main)

if __name__ == "__main__":
    entry()
