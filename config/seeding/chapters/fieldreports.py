"""Citizens' reports of the last weeks: sent, routed, answered with drawn proof, declined and contested, merged, reopened, overdue.

Told through the services in the order of time, so that every clock, step and message is the product's own. Texts and pictures are made
up and say so; who sent them are phones of nobody, and the demonstration's own citizen.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from config.seeding import report_words, story
from config.seeding.demo import Stage
from config.seeding.report_lives import ACTOR, DAYS, Weeks
from smarthd.agencies import selectors as agencies
from smarthd.fieldreports.models import Report
from smarthd.fieldreports.rules.attachments import Part
from smarthd.fieldreports.rules.routing import Target
from smarthd.fieldreports.rules.states import DeclineReason, Outcome
from smarthd.fieldreports.services import (
    answering,
    categories,
    following,
    handling,
    joining,
    mapping,
    moderating,
    routing,
    speaking,
    templates,
    training,
)
from smarthd.fieldreports.services import intake as taking
from smarthd.fieldreports.services.routing import NewRule
from smarthd.fieldreports.values import Caller
from smarthd.kernel import clock, events

RULES = (
    ("Cầu do Sở Xây dựng quản lý", "cau-cong", "hp-sxd"),
    ("Đèn tín hiệu giao thông", "den-tin-hieu", "hp-sxd"),
    ("Ô nhiễm từ cơ sở sản xuất", "o-nhiem-khi", "hp-snnmt"),
    ("Khai thác cát, đất trái phép", "khai-thac-cat-dat", "hp-snnmt"),
    ("Dịch bệnh", "dich-benh", "hp-syt"),
    ("Trường học", "truong-hoc", "hp-sgddt"),
)
FRAMES = (
    ("Đã khắc phục xong", "Kính gửi ông bà. Ngày [ngày], đơn vị đã [việc đã làm] tại [địa điểm]. Ảnh sau khi làm xong gửi kèm. Mong ông bà xem lại và cho biết ý kiến."),
    ("Đưa vào kế hoạch", "Kính gửi ông bà. Việc [việc] cần [lý do], dự kiến làm xong ngày [ngày]. Trong khi chờ, đơn vị đã [việc tạm thời]."),
)  # fmt: skip


def plant(stage: Stage) -> str:
    """Plant the data routing needs, then live through the weeks."""
    first = clock.at_local(stage.today - timedelta(days=DAYS), 8)
    categories.seed_categories(actor=ACTOR, now=first)
    _rules(stage, first)
    for title, body in FRAMES:
        templates.add_template(agency_id=None, title=title, body=body, actor=ACTOR, now=first)
    weeks = _Told(stage)
    weeks.live()
    mapping.fold()
    figures = training.train(now=stage.now, demonstration=True)
    events.deliver_owed(limit=100_000)
    return f"{Report.objects.count()} phản ánh, gợi ý đúng {figures.right_first * 100:.0f}% trên {figures.held_out} phản ánh dùng thử"


def _rules(stage: Stage, first: datetime) -> None:
    day = max(story.JULY, clock.day_of(first))
    default = NewRule("Mặc định: xã, phường nơi xảy ra", day, target=Target.COMMUNE, note="Quy tắc chung, dùng thử")
    routing.add_rule(default, actor=ACTOR, now=first)
    for name, key, code in RULES:
        agency = agencies.agency_by_code(code, stage.today)
        routing.add_rule(NewRule(name, day, category_key=key, agency_id=agency.id), actor=ACTOR, now=first)


class _Told(Weeks):
    """Chance, and some things that are to be seen whatever chance brings."""

    def told_on_purpose(self) -> None:
        """One hole that many report, one report that is hidden, one its sender opened again, two refusals, one of them contested, one just passed on, one urgent today, and one of the demonstration's citizen that is said to be mended and waits for their word."""
        day = self.stage.today - timedelta(days=6)
        self.at(clock.at_local(day, 9), self._hole)
        self.at(clock.at_local(day, 14), self._hidden)
        self.at(clock.at_local(day, 15), self._not_fixed)
        self.at(clock.at_local(self.stage.today - timedelta(days=3), 8), self._to_confirm)
        for hour, contested in ((9, True), (10, False)):
            self.at(clock.at_local(self.stage.today - timedelta(days=2), hour), self._refusal(contested=contested))
        self.at(clock.at_local(self.stage.today - timedelta(days=1), 9), self._given_away)
        self.at(self.stage.now - timedelta(minutes=40), self._danger)

    def _hole(self, now: datetime) -> None:
        spot = (float(self.home.lat or 0) + 0.002, float(self.home.lon or 0) + 0.001)
        made = []
        for number in range(9):
            shift = self.rng.normal(0, 0.00008, 2)
            when = now + timedelta(minutes=11 * number)
            made.append(
                self.send(
                    when,
                    "o-ga-mat-duong",
                    self.home,
                    lat=spot[0] + float(shift[0]),
                    lon=spot[1] + float(shift[1]),
                    urgent=False,
                )
            )
        official = self.official(made[0].holder_id)
        when = now + timedelta(hours=3)
        handling.accept(made[0].code, caller=official, now=when)
        joining.merge(
            [one.code for one in made[1:]],
            into=made[0].code,
            words="Cùng một ổ gà trước chợ.",
            caller=official,
            now=when,
        )
        following.follow_report(made[0].code, caller=self.citizen, now=when)
        handling.start(made[0].code, caller=official, now=when + timedelta(hours=2))

    def _hidden(self, now: datetime) -> None:
        report = self.send(now, "tieng-on", self.home)
        official = self.official(report.holder_id)
        handling.accept(report.code, caller=official, now=now + timedelta(hours=1))
        words = "Trong lời kể có tên và số nhà của người khác."
        moderating.hide_report(report.code, words=words, caller=official, now=now + timedelta(hours=1))

    def _not_fixed(self, now: datetime) -> None:
        who = Caller(token=taking.new_token())
        code = self._mended(now, "vo-ong-nuoc", who)
        again = self.stage.now - timedelta(hours=3)
        answering.reopen(code, words=report_words.NOT_FIXED, caller=who, now=again)

    def _to_confirm(self, now: datetime) -> None:
        self._mended(now, "den-duong", self.citizen)

    def _mended(self, now: datetime, key: str, who: Caller) -> str:
        """Send a report and answer it two hours later with a picture; return its code."""
        report = self.send(now, key, self.home, caller=who, urgent=False)
        official = self.official(report.holder_id)
        proving = Caller(official.actor, token=taking.new_token())
        handling.accept(report.code, caller=official, now=now + timedelta(minutes=30))
        handling.start(report.code, caller=official, now=now + timedelta(minutes=50))
        done = now + timedelta(hours=2)
        uid = self.photo(proving, Part.AFTER, done)
        answering.answer(
            report.code,
            words=report_words.DONE[1],
            outcome=Outcome.FIXED,
            attachment_uids=[uid],
            caller=proving,
            now=done,
        )
        return report.code

    def _refusal(self, *, contested: bool) -> Callable[[datetime], None]:
        def act(now: datetime) -> None:
            who = Caller(token=taking.new_token())
            report = self.send(now, "bien-bao", self.home, caller=who, urgent=False)
            competent = agencies.agency_by_code("hp-sxd", self.stage.today).id
            handling.decline(
                report.code,
                reason=DeclineReason.NOT_COMPETENT,
                words=report_words.NOT_OURS,
                competent_id=competent,
                caller=self.official(report.holder_id),
                now=now + timedelta(hours=1),
            )
            if contested:
                speaking.contest(report.code, words=report_words.CONTESTED, caller=who, now=now + timedelta(hours=2))

        return act

    def _given_away(self, now: datetime) -> None:
        report = self.send(now, "cat-tia-cay", self.home, urgent=False)
        official = self.official(report.holder_id)
        handling.accept(report.code, caller=official, now=now + timedelta(hours=1))
        to = agencies.agency_by_code("hp-sxd", self.stage.today).id
        handling.assign(
            report.code, to_id=to, words="Hàng cây do Sở quản lý.", caller=official, now=now + timedelta(hours=2)
        )

    def _danger(self, now: datetime) -> None:
        self.send(now, "day-dien", self.home, caller=self.citizen, urgent=True)
