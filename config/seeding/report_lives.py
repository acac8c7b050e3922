"""Lives of citizens' reports as chance writes them: sent, looked at, given out, worked on, answered, heard, rated, in the order of time."""

from __future__ import annotations

import heapq
import io
import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from config.seeding import accounts, report_words, story
from config.seeding.demo import Stage
from smarthd.agencies import calendar
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind, Role
from smarthd.fieldreports.models import Report
from smarthd.fieldreports.ports import Region
from smarthd.fieldreports.rules.attachments import Kind as FileKind
from smarthd.fieldreports.rules.attachments import Part
from smarthd.fieldreports.rules.intake import Channel, PlaceSource
from smarthd.fieldreports.rules.states import DeclineReason, Outcome, State
from smarthd.fieldreports.services import (
    answering,
    closing,
    handling,
    photos,
    speaking,
    terms,
    uploads,
)
from smarthd.fieldreports.services import intake as taking
from smarthd.fieldreports.values import Caller
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor, Grant, system
from smarthd.people import selectors as people
from smarthd.people import services as people_services
from smarthd.places import selectors as places
from smarthd.places.values import UnitView

DAYS, HOME_REPORTS, OTHER_REPORTS = 55, 80, 80
WITH_PHOTO = 0.3
ACTOR = system("seed-demo")
_ROLES = (Role.HEAD, Role.DISPATCHER, Role.CLERK)


class _NobodyDrawn:
    """A detector for drawn pictures, in which there is neither face nor plate."""

    def find(self, picture: Image.Image) -> list[Region]:
        """Return nothing."""
        del picture
        return []


class Weeks:
    """What happens when, and who does it."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.rng = stage, stage.rng
        self.todo: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self.number = itertools.count()
        self.working = calendar.working_calendar()
        units = places.units_on(stage.today, "commune")
        self.home = next(unit for unit in units if unit.name == accounts.HOME)
        self.west = [
            unit for unit in units if unit.id != self.home.id and unit.lat and places.predecessors(unit.id, story.JULY)
        ]
        self.top = agencies.agencies_on(stage.today, kinds=[Kind.PROVINCE_COMMITTEE])[0].id
        self.citizen = Caller(self._person(1))
        self.pictures = [_picture(self.rng, number) for number in range(10)]

    def _person(self, number: int) -> Actor:
        account = next(account for account in accounts.ACCOUNTS if account.number == number)
        account_id = people.account_id_by_phone_index(people_services.phone_index(account.phone))
        return agencies.actor_for(account_id, self.stage.now, second_factor=True)

    def official(self, agency_id: int) -> Caller:
        """Return somebody of an agency who may do all that is done there, and under whose account nothing stands."""
        return Caller(Actor(grants=tuple(Grant(str(role), agency_id, frozenset({agency_id})) for role in _ROLES)))

    def at(self, when: datetime, act: Callable[[datetime], None]) -> None:
        """Put an act on the list unless it lies ahead of the demonstration's now."""
        if when < self.stage.now:
            heapq.heappush(self.todo, (when, next(self.number), act))

    def later(self, now: datetime, hours: float) -> datetime:
        """Return an instant about so many working hours later."""
        return self.working.add_working_hours(now, float(self.rng.exponential(hours)) + 0.3)

    def live(self) -> None:
        """Send what is sent, then take everything in the order of time; terms are watched every morning."""
        for place, count in ((self.home, HOME_REPORTS), (None, OTHER_REPORTS)):
            for _ in range(count):
                self._plan(place)
        self.told_on_purpose()
        for day in range(DAYS + 1):
            self.at(clock.at_local(self.stage.today - timedelta(days=DAYS - day), 8), self._morning)
        while self.todo:
            when, _number, act = heapq.heappop(self.todo)
            act(when)

    def told_on_purpose(self) -> None:
        """Plan what a chapter wants to be seen whatever chance brings."""

    def _morning(self, now: datetime) -> None:
        closing.close_due(actor=ACTOR, now=now)
        terms.watch(actor=ACTOR, now=now)

    def _moment(self) -> datetime:
        ago = timedelta(days=float(self.rng.beta(1.0, 1.6)) * DAYS)
        day = self.stage.today - ago
        return min(
            clock.at_local(day, int(self.rng.integers(6, 21)), int(self.rng.integers(60))),
            self.stage.now - timedelta(minutes=5),
        )

    def _plan(self, place: UnitView | None) -> None:
        keys, weights = report_words.shares()
        key = str(self.rng.choice(keys, p=weights))
        where = place or self.west[int(self.rng.integers(len(self.west)))]
        self.at(self._moment(), lambda now: self._begin(now, key, where))

    def send(self, now: datetime, key: str, where: UnitView, caller: Caller | None = None, **more: Any) -> Report:
        who = caller or (self.citizen if self.rng.random() < 0.04 else Caller(token=taking.new_token()))
        lat = float(where.lat or 0) + float(self.rng.normal(0, 0.006))
        lon = float(where.lon or 0) + float(self.rng.normal(0, 0.006))
        uids = [self.photo(who, Part.CITIZEN, now)] if self.rng.random() < WITH_PHOTO else []
        new = taking.NewReport(
            words=report_words.told(self.rng, key),
            category_key=key,
            lat=lat,
            lon=lon,
            place_source=PlaceSource.GPS if self.rng.random() < 0.7 else PlaceSource.PIN,
            address=f"đường {self.rng.choice(report_words.STREETS)}" if self.rng.random() < 0.5 else "",
            urgent=bool(self.rng.random() < 0.05),
            anonymous=bool(self.rng.random() < 0.12),
            channel=Channel.APP if self.rng.random() < 0.7 else Channel.WEB,
            attachment_uids=uids,
        )
        done = taking.send_report(replace(new, **more), caller=who, address="", now=now)
        self.sender = who
        return Report.objects.get(uid=done.uid)

    def photo(self, who: Caller, part: Part, now: datetime) -> UUID:
        raw = self.pictures[int(self.rng.integers(len(self.pictures)))]
        view = uploads.begin_upload(kind=FileKind.PHOTO, size=len(raw), caller=who, now=now)
        uploads.append_piece(view.uid, offset=0, raw=raw, caller=who, now=now)
        uid = uploads.finish_upload(view.uid, part=part, caller=who, now=now)
        photos.process(uid, now=now, using=_NobodyDrawn())
        return uid

    # --- one report's life -------------------------------------------------------------------------------------------
    def _begin(self, now: datetime, key: str, where: UnitView) -> None:
        report = self.send(now, key, where)
        who = self.sender
        self.at(self.later(now, 3.0), lambda when: self._looked(when, report.code, who))

    def _row(self, code: str) -> Report:
        return Report.objects.select_related("category").get(code=code)

    def _looked(self, now: datetime, code: str, who: Caller) -> None:
        report, chance = self._row(code), self.rng.random()
        if report.state != State.RECEIVED:
            return
        official = self.official(report.holder_id)
        if chance < 0.06:
            body = agencies.agency_by_code("hp-sxd", self.stage.today)
            competent = None if body.id == report.holder_id else body.id
            reason = DeclineReason.NOT_COMPETENT if competent else DeclineReason.UNTRUE
            words = report_words.NOT_OURS if competent else report_words.UNTRUE
            handling.decline(code, reason=reason, words=words, competent_id=competent, caller=official, now=now)
            self.at(self.later(now, 8.0), lambda when: self._refused(when, code, who))
            return
        handling.accept(code, caller=official, now=now)
        self.at(self.later(now, 3.0), lambda when: self._given_out(when, code, who))

    def _refused(self, now: datetime, code: str, who: Caller) -> None:
        report, chance = self._row(code), self.rng.random()
        if report.state != State.DECLINED:
            return
        if chance < 0.45 and report.competent_id is not None:
            handling.reroute(code, caller=who, now=now)
            self.at(self.later(now, 3.0), lambda when: self._looked(when, code, who))
        elif chance < 0.8 and report.confirm_due_at and now < report.confirm_due_at:
            speaking.contest(code, words=report_words.CONTESTED, caller=who, now=now)
            if chance < 0.65:
                judge = Caller(
                    Actor(grants=(Grant(str(Role.HEAD), self.top, frozenset({self.top, report.holder_id})),))
                )
                self.at(self.later(now, 9.0), lambda when: self._judged(when, code, judge, who))

    def _judged(self, now: datetime, code: str, judge: Caller, who: Caller) -> None:
        words = "Đã xem hồ sơ: đường trong khu dân cư do phường quản lý, yêu cầu phường tiếp nhận."
        speaking.overturn(code, words=words, caller=judge, now=now)
        self.at(self.later(now, 3.0), lambda when: self._given_out(when, code, who))

    def _given_out(self, now: datetime, code: str, who: Caller) -> None:
        report, chance = self._row(code), self.rng.random()
        if report.state not in {State.ACCEPTED, State.REOPENED}:
            return
        official = self.official(report.holder_id)
        if chance < 0.07:
            handling.ask(code, words=report_words.ASKED, caller=official, now=now)
            if chance < 0.05:
                self.at(self.later(now, 10.0), lambda when: self._replied(when, code, who))
            return
        if chance < 0.2:
            to = agencies.agency_by_code("hp-sxd", self.stage.today).id
            handling.assign(code, to_id=to, words="Tuyến do Sở quản lý, phường đã khảo sát.", caller=official, now=now)
        elif chance < 0.3:
            handling.assign(
                code, to_id=report.holder_id, words="Giao bộ phận địa chính, xây dựng.", caller=official, now=now
            )
        self.at(self.later(now, 4.0), lambda when: self._worked(when, code, who))

    def _replied(self, now: datetime, code: str, who: Caller) -> None:
        if self._row(code).state == State.WAITING:
            speaking.reply(code, words="Cột số 12, trước cổng nhà văn hóa khu.", caller=who, now=now)
            self.at(self.later(now, 10.0), lambda when: self._answered(when, code, who))

    def _worked(self, now: datetime, code: str, who: Caller) -> None:
        report = self._row(code)
        if report.state not in {State.ACCEPTED, State.ASSIGNED, State.REOPENED}:
            return
        official = self.official(report.holder_id)
        if report.state == State.ASSIGNED and self.rng.random() < 0.06:
            handling.hand_back(code, words="Đoạn này đã phân cấp cho phường từ năm ngoái.", caller=official, now=now)
            self.at(self.later(now, 4.0), lambda when: self._worked(when, code, who))
            return
        handling.start(code, caller=official, now=now)
        if self.rng.random() < 0.08 and now < report.due_at:
            until = self.working.add_working_hours(report.due_at, 24)
            handling.extend(
                code, until=until, words="Chờ vật tư về, nhà cung cấp hẹn cuối tuần.", caller=official, now=now
            )
        slow = report.category.working_hours * 0.45
        self.at(self.later(now, slow), lambda when: self._answered(when, code, who))

    def _answered(self, now: datetime, code: str, who: Caller) -> None:
        report, chance = self._row(code), self.rng.random()
        if report.state not in {State.IN_PROGRESS, State.REOPENED}:
            return
        official = self.official(report.holder_id)
        proving = Caller(official.actor, token=taking.new_token())
        if chance < 0.72:
            words = report_words.DONE[int(self.rng.integers(len(report_words.DONE)))]
            uid = self.photo(proving, Part.AFTER, now)
            answering.answer(code, words=words, outcome=Outcome.FIXED, attachment_uids=[uid], caller=proving, now=now)
        elif chance < 0.86:
            promised = clock.day_of(now) + timedelta(days=30)
            answering.answer(
                code,
                words=report_words.PLANNED,
                outcome=Outcome.PLANNED,
                promised_on=promised,
                caller=official,
                now=now,
            )
        else:
            answering.answer(code, words=report_words.EXPLAINED, outcome=Outcome.EXPLAINED, caller=official, now=now)
        self.at(self.later(now, 10.0), lambda when: self._heard(when, code, who))

    def _heard(self, now: datetime, code: str, who: Caller) -> None:
        report, chance = self._row(code), self.rng.random()
        if report.state != State.ANSWERED:
            return
        if chance < 0.12 and report.reopenings == 0:
            answering.reopen(code, words=report_words.NOT_FIXED, caller=who, now=now)
            self.at(self.later(now, 12.0), lambda when: self._answered(when, code, who))
        elif chance < 0.62:
            answering.confirm(code, caller=who, now=now)
            if self.rng.random() < 0.7:
                self.at(self.later(now, 2.0), lambda when: self._rated(when, code, who))

    def _rated(self, now: datetime, code: str, who: Caller) -> None:
        report = self._row(code)
        late = (
            report.answered_at is not None
            and report.original_due_at is not None
            and report.answered_at > report.original_due_at
        )
        stars = int(
            self.rng.choice([1, 2, 3, 4, 5], p=[0.2, 0.2, 0.3, 0.2, 0.1] if late else [0.03, 0.04, 0.13, 0.4, 0.4])
        )
        reason = "slow" if late else "half" if stars < 3 else "good"
        answering.rate(code, stars=stars, reason=reason, caller=who, now=now)


def _picture(rng: np.random.Generator, number: int) -> bytes:
    """Return a drawn picture that says it is none of a real place."""
    sky, ground = ((205, 222, 235), (120, 125, 118)) if number % 2 else ((230, 224, 210), (98, 104, 98))
    drawn = Image.new("RGB", (640, 480), sky)
    pen = ImageDraw.Draw(drawn)
    pen.polygon([(0, 480), (0, 306), (640, 266), (640, 480)], fill=ground)
    pen.polygon([(200, 480), (286, 286), (346, 283), (506, 480)], fill=(70, 72, 74))
    for _ in range(6):
        x, y, w = int(rng.integers(40, 570)), int(rng.integers(313, 440)), int(rng.integers(20, 74))
        pen.ellipse((x, y, x + w, y + w // 3), fill=tuple(int(one) for one in rng.integers(40, 160, 3)))
    pen.rectangle((0, 0, 640, 44), fill=(40, 44, 52))
    pen.text(
        (16, 10),
        "ẢNH MINH HỌA, VẼ CHO BẢN DÙNG THỬ",
        fill="white",
        font=ImageFont.truetype(str(files("font_roboto") / "files" / "Roboto-Medium.ttf"), 20),
    )
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=80)
    return out.getvalue()
