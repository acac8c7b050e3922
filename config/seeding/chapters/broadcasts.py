"""The running campaign's airings: what some communes and the department planned, what was aired and proven, who came with a code.

Proof is made here and says so: a drawn picture, a tone, addresses that lead nowhere.
"""

from __future__ import annotations

import io
import math
import struct
import wave
from datetime import date, datetime, timedelta

from django.db import connection
from PIL import Image, ImageDraw

from config.seeding import accounts, story
from config.seeding.chapters import order
from config.seeding.demo import Stage
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.agencies.selectors import AgencyView
from smarthd.kernel import clock, events
from smarthd.kernel.actor import system
from smarthd.places import selectors as places
from smarthd.rollout.models import Airing, ChannelCode
from smarthd.rollout.rules.airings import Channel, State
from smarthd.rollout.services import airings
from smarthd.rollout.services.airings import NewAiring

ACTOR = system("seed-demo")
LABEL = "(dùng thử)"
WORDS = (
    "Kính thưa bà con. Ứng dụng Smart-HaiDuong giúp bà con gửi phản ánh, tra cứu hồ sơ, nhận cảnh báo ngay trên điện thoại. "
    "Bà con cài đặt tại nhà văn hóa vào các buổi tối, có tổ công nghệ số hướng dẫn, không mất tiền."
)
COMMUNES = 6
WITH_CODE = 0.16  # share of those activated since the campaign began who came with a channel's code
PULL = {Channel.SOCIAL: 5.0, Channel.LEAFLET: 4.0, Channel.SMS: 3.0, Channel.COMMUNE_RADIO: 1.0, Channel.PORTAL: 1.5}
COSTS = {Channel.LEAFLET: 850_000, Channel.SMS: 2_400_000, Channel.PRESS: 3_000_000, Channel.BULLETIN: 600_000}


def plant(stage: Stage) -> str:
    """Plan, air, prove; then say who came with which code."""
    first, last = story.running_campaign(stage.today)
    home, others, department = _who(stage)
    wanted = [one for body in [home, *others] for one in _of_commune(body, first, last)] + _of_department(
        department, first, last
    )
    made = airings.plan_airings(order.NOW, wanted, actor=ACTOR, now=clock.at_local(first, 8))
    for body in [home, *others]:
        airings.give_general_code(
            order.NOW, agency_id=body.id, channel=Channel.PUBLIC_BOARD, actor=ACTOR, now=clock.at_local(first, 8)
        )
    proven = _air(stage, made, home)
    came = _bring(stage, first)
    events.deliver_owed()
    return f"{len(made)} lượt phát, {proven} có minh chứng, {came} người đến bằng mã kênh"


def _who(stage: Stage) -> tuple[AgencyView, list[AgencyView], AgencyView]:
    bodies = agencies.agencies_on(stage.today, kinds=[Kind.COMMUNE_COMMITTEE])
    units = {unit.id: unit for unit in places.units_on(stage.today, "commune")}
    home = next(body for body in bodies if body.place_id and units[body.place_id].name == accounts.HOME)
    west = [
        body
        for body in bodies
        if body.place_id and body.id != home.id and places.predecessors(body.place_id, story.JULY)
    ]
    picked = stage.rng.choice(len(west), COMMUNES, replace=False)
    department = agencies.agency_by_code(accounts.COORDINATOR_NOW, stage.today)
    return home, [west[int(number)] for number in picked], department


def _days(first: date, last: date, *, step: int, start: int = 0) -> list[date]:
    return [first + timedelta(days=count) for count in range(start, (last - first).days + 1, step)]


def _of_commune(body: AgencyView, first: date, last: date) -> list[NewAiring]:
    def one(channel: Channel, title: str, day: date, hour: int, minute: int = 0) -> NewAiring:
        return NewAiring(
            body.id, channel, f"{title} {LABEL}", clock.at_local(day, hour, minute), WORDS, COSTS.get(channel)
        )

    return [
        *(one(Channel.COMMUNE_RADIO, "Hướng dẫn cài đặt ứng dụng", day, 17, 30) for day in _days(first, last, step=6)),
        *(one(Channel.SOCIAL, "Bài hướng dẫn trong nhóm khu dân cư", day, 19) for day in _days(first, last, step=20, start=3)),
        *(one(Channel.LEAFLET, "Tờ rơi một mặt, chữ to", day, 8) for day in _days(first, last, step=45, start=5)),
        *(one(Channel.PROPAGANDIST, "Họp khu dân cư, hướng dẫn tại chỗ", day, 20) for day in _days(first, last, step=30, start=9)),
    ]  # fmt: skip


def _of_department(body: AgencyView, first: date, last: date) -> list[NewAiring]:
    plans = (
        (Channel.PORTAL, "Chuyên mục trên cổng thông tin", 0, 30, 9),
        (Channel.PRESS, "Bài trên báo, đài thành phố", 7, 28, 6),
        (Channel.SMS, "Tin nhắn tới các thuê bao", 14, 40, 10),
        (Channel.BULLETIN, "Bản tin thông tin cơ sở", 4, 30, 8),
    )
    return [
        NewAiring(
            body.id, channel, f"{title} {LABEL}", clock.at_local(day, hour), WORDS, COSTS.get(channel)
        )
        for channel, title, start, step, hour in plans
        for day in _days(first, last, step=step, start=start)
    ]  # fmt: skip


def _air(stage: Stage, made: list[Airing], home: AgencyView) -> int:
    """Mark what is past: most aired with proof, some without, some missed; the demonstration's commune leaves its last ones to do."""
    past = [airing for airing in made if airing.planned_at + timedelta(hours=2) < stage.now]
    left = {airing.pk for airing in [one for one in past if one.agency_id == home.id][-2:]}
    proven = 0
    for number, airing in enumerate(past):
        chance = float(stage.rng.random())
        now = airing.planned_at + timedelta(hours=1)
        if airing.pk in left:
            if airing.pk == min(left):
                airings.mark_aired(airing.uid, aired_at=airing.planned_at, actor=ACTOR, now=now)
            continue
        if chance < 0.07:
            airings.mark_missed(airing.uid, reason="Mất điện, hỏng cụm loa", actor=ACTOR, now=now)
            continue
        if chance > 0.96:
            continue  # nobody said what became of it
        airings.mark_aired(
            airing.uid,
            aired_at=airing.planned_at,
            reach=int(stage.rng.integers(40, 400)),
            actor=ACTOR,
            now=now,
        )
        if chance < 0.86:
            _prove(airing, number, now)
            proven += 1
    return proven


def _prove(airing: Airing, number: int, now: datetime) -> None:
    channel = Channel(airing.channel)
    if channel is Channel.COMMUNE_RADIO and number % 2:
        airings.attach_audio(airing.uid, audio=tone(number), note=f"Trích bản ghi {LABEL}", actor=ACTOR, now=now)
    elif channel in {Channel.PORTAL, Channel.SOCIAL, Channel.PRESS}:
        airings.attach_link(
            airing.uid, url=f"https://dung-thu.example/bai/{number}", note=f"Bài đã đăng {LABEL}", actor=ACTOR, now=now
        )
    else:
        airings.attach_photo(
            airing.uid, photo=picture(number), note=f"Ảnh vẽ, không phải ảnh thật {LABEL}", actor=ACTOR, now=now
        )


def picture(number: int) -> io.BytesIO:
    """Return a drawn picture of a loudspeaker on a pole; each number another sky, so that each is a file of its own."""
    canvas = Image.new("RGB", (960, 640), (196 + number % 40, 222, 236 - number % 50))
    pen = ImageDraw.Draw(canvas)
    pen.rectangle((0, 480, 960, 640), fill=(146, 174, 110))
    pen.rectangle((470, 150, 490, 560), fill=(92, 84, 76))
    for side in (-1, 1):
        pen.polygon([(480, 170), (480 + side * 150, 120), (480 + side * 150, 260), (480, 210)], fill=(210, 120, 40))
        pen.ellipse((480 + side * 150 - 22, 118, 480 + side * 150 + 22, 262), fill=(60, 52, 46))
    pen.rectangle((60, 330, 330, 520), fill=(232, 226, 212), outline=(120, 110, 96), width=4)
    for line in range(5):
        pen.rectangle((90, 358 + line * 30, 300 - line * 22, 368 + line * 30), fill=(150, 144, 130))
    out = io.BytesIO()
    canvas.save(out, "PNG")
    out.seek(0)
    return out


def tone(number: int) -> io.BytesIO:
    """Return a second of a made tone, each number another pitch."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        pitch = 300 + number % 200
        sound.writeframes(
            b"".join(struct.pack("<h", round(6000 * math.sin(2 * math.pi * pitch * at / 8000))) for at in range(8000))
        )
    out.seek(0)
    return out


def _bring(stage: Stage, first: date) -> int:
    """Let some of those activated since the campaign began have come with a channel's code, aired by then."""
    aired = {row.pk for row in Airing.objects.filter(state__in=[State.AIRED, State.PROVEN])}
    codes = [
        (row.code, PULL.get(Channel(row.channel), 0.5), clock.day_of(row.airing.planned_at) if row.airing else first)
        for row in ChannelCode.objects.select_related("airing").order_by("airing__planned_at", "agency_id", "channel")
        if row.airing is None or row.airing_id in aired
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, activated_on FROM rollout_participant WHERE team_code = '' AND activated_on >= %s "
            "AND erased_on IS NULL ORDER BY account_id",
            [first],
        )
        persons = cursor.fetchall()
        chosen = []
        for account_id, day in persons:
            open_by_then = [(code, pull) for code, pull, since in codes if since <= day <= since + timedelta(days=20)]
            if open_by_then and stage.rng.random() < WITH_CODE:
                pulls = [pull for _, pull in open_by_then]
                place = int(stage.rng.choice(len(pulls), p=[pull / sum(pulls) for pull in pulls]))
                chosen.append((account_id, open_by_then[place][0]))
        given = [[account for account, _ in chosen], [code for _, code in chosen]]
        cursor.execute(
            "UPDATE rollout_participant p SET team_code = t.code FROM unnest(%s::bigint[], %s::text[]) t(account, code) "
            "WHERE p.account_id = t.account",
            given,
        )
        cursor.execute(
            "UPDATE people_install i SET team_code = t.code, team_code_at = i.first_opened_at "
            "FROM unnest(%s::bigint[], %s::text[]) t(account, code) JOIN people_binding b ON b.account_id = t.account "
            "WHERE i.id = b.install_id",
            given,
        )
    return len(chosen)
