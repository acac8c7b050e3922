"""What stood in the way of the running campaign: difficulties of some communes, how each was handled, the decisions that answered many.

Told through the services, day by day, so that every clock, step and escalation is the product's own. Texts are made up for the
demonstration; nobody's name stands in them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from config.seeding import accounts, story
from config.seeding.chapters import order
from config.seeding.demo import Stage
from smarthd.agencies import calendar
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.kernel import clock, events
from smarthd.kernel.actor import Actor, system
from smarthd.people import selectors as people
from smarthd.people import services as people_services
from smarthd.places import selectors as places
from smarthd.rollout.rules.difficulties import Category, Severity
from smarthd.rollout.selectors import decisions as decided
from smarthd.rollout.services import decisions, difficulties

ACTOR = system("seed-demo")
LABEL = "(nội dung dùng thử)"
BETWEEN = timedelta(minutes=5)  # at least, from one act to the next


@dataclass(frozen=True)
class Moment:
    """When something is told to have happened: an hour of a day so many days before today."""

    days_ago: int
    hour: int


@dataclass(frozen=True)
class Told:
    """One difficulty: whose (0 is the demonstration's own commune), what, and how many days before today it was raised."""

    key: str
    whose: int
    category: Category
    severity: Severity
    affected: int | None
    days_ago: int
    words: str


TOLD = (
    Told("song-1", 0, Category.NETWORK, Severity.BLOCKING, 340, 33, "Khu dân cư ven sông không có sóng 4G trong nhà, bà con ra tận mặt đê mới mở được ứng dụng. Đề nghị nhà mạng khảo sát, lắp thêm trạm phát."),
    Told("song-2", 3, Category.NETWORK, Severity.MAJOR, 210, 32, "Hai khu dân cư ở cuối địa bàn sóng 4G rất yếu, mở ứng dụng hay bị đứng giữa chừng, đề nghị nhà mạng khảo sát và lắp thêm trạm phát."),
    Told("song-3", 5, Category.NETWORK, Severity.MAJOR, 150, 30, "Khu vực ngoài đê chưa có sóng 4G ổn định, người dân không mở được ứng dụng ở nhà. Đề nghị nhà mạng lắp thêm trạm phát."),
    Told("ma-1", 2, Category.SIGN_IN, Severity.BLOCKING, 60, 26, "Nhiều thuê bao nhận mã xác nhận chậm 10 đến 15 phút, mã đã hết hạn khi tin đến, người lớn tuổi nản không làm tiếp."),
    Told("ma-2", 7, Category.SIGN_IN, Severity.MAJOR, 45, 25, "Mã xác nhận gửi về máy chậm, có khi hơn 10 phút, phải bấm gửi lại nhiều lần rồi bị khóa một giờ."),
    Told("may-1", 0, Category.DEVICE, Severity.MAJOR, 180, 24, "Khoảng một phần mười số hộ chỉ có điện thoại phím bấm hoặc máy quá cũ, không cài được. Đề nghị hướng dẫn cách tính các hộ này vào mẫu số."),
    Told("kp-1", 4, Category.FUNDING, Severity.MAJOR, None, 20, "Chưa có nguồn chi in tờ rơi và nước uống cho tổ công nghệ số đi từng nhà. Đề nghị cho phép chi từ nguồn sự nghiệp thông tin."),
    Told("kp-2", 6, Category.FUNDING, Severity.MINOR, None, 19, "Tổ công nghệ số cộng đồng chưa có kinh phí xăng xe, in tờ rơi. Đề nghị cho chi từ nguồn sự nghiệp thông tin."),
    Told("so-1", 8, Category.FIGURES, Severity.MAJOR, None, 14, "Số người có điện thoại thông minh do từng thôn, khu rà soát chênh với số của bưu điện gần 300 người, chưa biết lấy số nào làm mẫu số."),
    Told("nhan-luc", 1, Category.PEOPLE, Severity.MINOR, 12, 12, "Hai tổ công nghệ số chưa có bí thư chi đoàn, thiếu người hướng dẫn buổi tối. Đề nghị Thành đoàn cử đoàn viên hỗ trợ."),
    Told("ky-nang", 9, Category.SKILLS, Severity.MAJOR, 400, 9, "Người trên 60 tuổi cài xong nhưng quên cách mở phần tra cứu hồ sơ, tổ phải quay lại nhiều lần. Đề nghị có tờ hướng dẫn chữ to."),
    Told("ung-dung", 0, Category.APP, Severity.MAJOR, 30, 6, "Chữ to bật lên thì nút gửi phản ánh bị che trên một số máy màn hình nhỏ, phải vuốt xuống mới thấy."),
    Told("loa", 3, Category.COMMUNICATION, Severity.MINOR, None, 4, "Ba cụm loa hỏng từ trận giông tuần trước, chưa phát được bài hướng dẫn. Đề nghị hỗ trợ sửa chữa."),
    Told("tham-quyen", 2, Category.RULES, Severity.MAJOR, None, 3, "Chưa rõ cán bộ hợp đồng của trạm y tế và trường học có nằm trong danh sách phải cài đặt và sử dụng hay không."),
    Told("cap-quang", 6, Category.NETWORK, Severity.BLOCKING, 25, 1, "Cáp quang vào trụ sở bị đứt, bộ phận một cửa không hướng dẫn cài ứng dụng tại chỗ được."),
    Told("moi-neu", 0, Category.SKILLS, Severity.MINOR, 50, 0, "Bà con làm công nhân đi làm cả ngày, chỉ gặp được buổi tối. Đề nghị có đoạn phim ngắn gửi vào nhóm tin nhắn của khu dân cư."),
)  # fmt: skip


def plant(stage: Stage) -> str:
    """Tell everything in the order of its days; between the days silence does what it does."""
    stage_of = _Stage(stage)
    done = stage_of.play()
    events.deliver_owed()
    return f"{len(TOLD)} khó khăn, vướng mắc, {done} quyết định"


class _Stage:
    """The communes and officials of this chapter, and what happens on which day."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.first, _last = story.running_campaign(stage.today)
        units = {unit.id: unit for unit in places.units_on(stage.today, "commune")}
        home = next(unit for unit in units.values() if unit.name == accounts.HOME)
        bodies = agencies.agencies_on(stage.today, kinds=[Kind.COMMUNE_COMMITTEE])
        west = [
            body
            for body in bodies
            if body.place_id and body.place_id != home.id and places.predecessors(body.place_id, story.JULY)
        ]
        picked = stage.rng.choice(len(west), 12, replace=False)
        own = next(body for body in bodies if body.place_id == home.id)
        self.communes = [own, *(west[int(number)] for number in picked)]
        self.clerk, self.department, self.leader = (self._actor(number) for number in (2, 5, 6))
        self.committee = agencies.agency_by_code(accounts.CITY, stage.today).id
        self.made: dict[str, Any] = {}
        self.decided = 0

    def _actor(self, number: int) -> Actor:
        account = next(account for account in accounts.ACCOUNTS if account.number == number)
        account_id = people.account_id_by_phone_index(people_services.phone_index(account.phone))
        return agencies.actor_for(account_id, self.stage.now, second_factor=True)

    def at(self, moment: Moment) -> datetime:
        """Return its hour on the last working day on or before its day."""
        day = max(self.first, self.stage.today - timedelta(days=moment.days_ago))
        return clock.at_local(calendar.working_calendar().previous_working_day(day), moment.hour)

    def play(self) -> int:
        """Play all days; return how many decisions were approved."""
        script = [(Moment(told.days_ago, 9), self._raise(told)) for told in TOLD] + self._acts()
        day, last = self.first, clock.start_of(self.first)
        for moment, act in sorted(script, key=lambda one: (-one[0].days_ago, one[0].hour)):
            # weekends and holidays bring days together: what was told later still happens later
            last = min(max(self.at(moment), last + BETWEEN), self.stage.now)
            day = self._pass_days(day, clock.day_of(last))
            act(last)
        self._pass_days(day, self.stage.today)
        return self.decided

    def _pass_days(self, day: date, until: date) -> date:
        while day < until:
            day += timedelta(days=1)
            moment = clock.at_local(day, 8)
            if moment <= self.stage.now:
                difficulties.escalate_overdue(actor=ACTOR, now=moment)
        return day

    def _raise(self, told: Told) -> Callable[[datetime], None]:
        def act(now: datetime) -> None:
            commune = self.communes[told.whose]
            self.made[told.key] = difficulties.raise_difficulty(
                order.NOW,
                agency_id=commune.id,
                category=told.category,
                severity=told.severity,
                words=f"{told.words} {LABEL}",
                affected=told.affected,
                place_id=None,
                actor=self.clerk if told.whose == 0 else ACTOR,
                now=now,
            )

        return act

    def _acts(self) -> list[tuple[Moment, Callable[[datetime], None]]]:
        """Return what was done with them, by whom, when."""
        say, pass_up, solve, confirm = self._say, self._pass_up, self._solve, self._confirm
        return [
            (Moment(31, 15), say("song-1", "Sở đã gửi danh sách điểm lõm sóng cho ba nhà mạng, hẹn khảo sát trong tuần.")),
            (Moment(29, 10), self._merge("song-1", ["song-2", "song-3"], "Cùng một việc: các điểm lõm sóng, Sở làm việc chung với nhà mạng.")),
            (Moment(28, 16), pass_up("song-1", "Cần Ủy ban nhân dân thành phố giao chỉ tiêu cho nhà mạng, vượt thẩm quyền của Sở.")),
            (Moment(25, 15), say("ma-1", "Đang đo thời gian đến của tin nhắn theo từng nhà mạng, có kết quả sẽ báo.")),
            (Moment(24, 15), self._merge("ma-1", ["ma-2"], "Cùng việc tin nhắn mã xác nhận đến chậm.")),
            (Moment(21, 15), solve("ma-1", "Đã đổi đường gửi tin của một nhà mạng; đo lại ba ngày, 99% mã đến trong 20 giây. Mã có hiệu lực 5 phút.")),
            (Moment(20, 10), confirm("ma-1")),
            (Moment(19, 10), self._reopen("ma-2", "Tối qua vẫn có 4 người nhận mã sau 10 phút, đều dùng chung một nhà mạng.")),
            (Moment(18, 15), say("ma-2", "Đã nhận số liệu cụ thể, đang làm việc với nhà mạng ấy.")),
            (Moment(22, 11), say("may-1", "Hộ chỉ có điện thoại phím bấm không nằm trong mẫu số; tổ ghi lý do khi đến thăm.")),
            (Moment(20, 15), solve("may-1", "Đã có hướng dẫn: chỉ tính người có điện thoại thông minh; hộ không có máy ghi riêng để tính tỷ lệ chưa có điện thoại.")),
            (Moment(19, 15), confirm("may-1")),
            (Moment(17, 15), self._decide("song", ["song-1"], "42/UBND-DUNGTHU", "Về việc phủ sóng các khu dân cư còn lõm sóng", "Giao Sở Khoa học và Công nghệ chủ trì, cùng các nhà mạng lắp bổ sung trạm phát tại các điểm các xã, phường đã nêu, hoàn thành trong 30 ngày; trong khi chờ, đặt điểm phát sóng miễn phí tại nhà văn hóa.")),
            (Moment(15, 9), confirm("song-2")),
            (Moment(14, 9), confirm("song-1")),
            (Moment(17, 10), self._merge("kp-1", ["kp-2"], "Cùng đề nghị về nguồn chi cho tổ công nghệ số.")),
            (Moment(16, 10), pass_up("kp-1", "Nguồn chi do Ủy ban nhân dân thành phố quyết định, Sở đã có ý kiến đồng tình.")),
            (Moment(12, 15), say("so-1", "Lấy số rà soát từng hộ của thôn, ghi rõ nguồn và ngày; Sở sẽ có văn bản chung.")),
            (Moment(10, 15), say("nhan-luc", "Đã trao đổi với Thành đoàn, chờ danh sách đoàn viên hỗ trợ.")),
            (Moment(8, 15), solve("nhan-luc", "Thành đoàn cử 6 đoàn viên hỗ trợ hai tổ vào tối thứ Ba, thứ Năm hằng tuần.")),
            (Moment(7, 15), say("ky-nang", "Sở đang soạn tờ hướng dẫn chữ to, một mặt giấy, gửi trong tuần.")),
            (Moment(5, 15), say("ung-dung", "Đã tái hiện được lỗi trên màn hình 320 điểm, bản sửa phát hành trong tuần này.")),
            (Moment(3, 15), solve("ung-dung", "Bản mới đã sửa: nút gửi luôn nằm trong tầm tay khi bật chữ to. Nhờ phường thử lại.")),
            (Moment(2, 10), pass_up("tham-quyen", "Cần Ủy ban nhân dân thành phố xác định đối tượng theo văn bản chỉ đạo.")),
            (Moment(1, 16), self._propose(["kp-1"], "Về nguồn chi cho tổ công nghệ số cộng đồng", "Đồng ý cho các xã, phường dùng nguồn sự nghiệp thông tin năm nay chi in tờ rơi, nước uống, xăng xe cho tổ công nghệ số, mức khoán theo số tổ; Sở Tài chính hướng dẫn quyết toán trong tháng.")),
        ]  # fmt: skip

    def _say(self, key: str, words: str) -> Callable[[datetime], None]:
        return lambda now: void(difficulties.answer(self.made[key].uid, words=words, actor=self._who(key), now=now))

    def _pass_up(self, key: str, words: str) -> Callable[[datetime], None]:
        def act(now: datetime) -> None:
            row = self.made[key]
            row.refresh_from_db()
            if (
                row.holder_id != self.committee
            ):  # where holidays brought days together, silence may have carried it there
                difficulties.escalate(row.uid, words=words, actor=ACTOR, now=now)

        return act

    def _solve(self, key: str, words: str) -> Callable[[datetime], None]:
        return lambda now: void(difficulties.solve(self.made[key].uid, words=words, actor=self._who(key), now=now))

    def _confirm(self, key: str) -> Callable[[datetime], None]:
        return lambda now: void(difficulties.confirm(self.made[key].uid, actor=ACTOR, now=now))

    def _reopen(self, key: str, words: str) -> Callable[[datetime], None]:
        return lambda now: void(difficulties.reopen(self.made[key].uid, words=words, actor=ACTOR, now=now))

    def _merge(self, key: str, others: list[str], words: str) -> Callable[[datetime], None]:
        return lambda now: void(
            difficulties.merge(
                [self.made[other].uid for other in others],
                into=self.made[key].uid,
                words=words,
                actor=self._who(key),
                now=now,
            )
        )

    def _who(self, key: str) -> Actor:
        """Return the department's official while the department holds it, else the system: the committee's own hand is not shown."""
        row = self.made[key]
        row.refresh_from_db()
        return self.department if any(grant.agency_id == row.holder_id for grant in self.department.grants) else ACTOR

    def _draft(self, keys: list[str], title: str, words: str, now: datetime) -> Any:
        return decisions.draft_decision(
            order.NOW,
            agency_id=self.committee,
            difficulty_uids=[self.made[key].uid for key in keys],
            title=title,
            words=f"{words} {LABEL}",
            actor=self.department,
            now=now,
        )

    def _propose(self, keys: list[str], title: str, words: str) -> Callable[[datetime], None]:
        return lambda now: void(self._draft(keys, title, words, now))

    def _decide(self, _name: str, keys: list[str], number: str, title: str, words: str) -> Callable[[datetime], None]:
        def act(now: datetime) -> None:
            decision = self._draft(keys, title, words, now - timedelta(hours=5))
            decisions.approve_decision(
                decision.uid,
                number=number,
                decided_on=clock.day_of(now),
                seen_hash=decided.content_hash(decision),
                actor=self.leader,
                now=now,
            )
            self.decided += 1

        return act


def void(_made: object) -> None:
    """Take what an act returns and give nothing back."""
