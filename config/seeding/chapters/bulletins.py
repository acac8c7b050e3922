"""Kênh phát: outlets that print on the terminal, a bulletin that reached most of them, a drill; nothing here leaves the machine."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from config.seeding import accounts
from config.seeding.demo import Stage
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind as AgencyKind
from smarthd.channels.models import Dispatch
from smarthd.channels.ports import OutletRefused, Taken, Word
from smarthd.channels.rules.bulletins import Priority, Source
from smarthd.channels.rules.outlets import Kind
from smarthd.channels.services import bulletins, dispatching, outlets, receipts
from smarthd.channels.services.outlets import OutletWishes
from smarthd.channels.services.roads import Parcel
from smarthd.channels.values import NewBulletin
from smarthd.kernel import clock
from smarthd.kernel.actor import system
from smarthd.places import selectors as places

ACTOR = system("seed-demo")
CLUSTERS = 5
CITY_WIDE = (
    (Kind.PRESS, "Báo Hải Phòng (dùng thử)", "console:bao-hai-phong"),
    (Kind.RADIO, "Đài Phát thanh, Truyền hình (dùng thử)", "console:dai-ptth"),
    (Kind.PORTAL, "Cổng thông tin điện tử (dùng thử)", ""),
    (Kind.ZALO, "Zalo Smart-HaiDuong (dùng thử)", "console:zalo-oa"),
    (Kind.FACEBOOK, "Trang Facebook Smart-HaiDuong (dùng thử)", "console:trang-facebook"),
)


def plant(stage: Stage) -> str:
    """Make the outlets, carry two bulletins to them."""
    owner = agencies.agency_by_code(accounts.COORDINATOR_NOW, stage.today)
    units = {unit.id: unit for unit in places.units_on(stage.today, "commune")}
    bodies = [
        body
        for body in agencies.agencies_on(stage.today, kinds=[AgencyKind.COMMUNE_COMMITTEE])
        if body.place_id in units
    ]
    bodies.sort(key=lambda body: (units[body.place_id or 0].name != accounts.HOME, units[body.place_id or 0].code))
    made_at = stage.now - timedelta(days=30)
    for kind, name, address in CITY_WIDE:
        wishes = OutletWishes(kind=kind, name=name, address=address or settings.ORIGIN, agency_id=owner.id)
        outlets.add_outlet(wishes, actor=ACTOR, now=made_at)
    for body in bodies[:CLUSTERS]:
        unit = units[body.place_id or 0]
        wishes = OutletWishes(
            kind=Kind.LOUDSPEAKER, name=f"Cụm loa {unit.full_name} (dùng thử)", address=f"console:loa-{unit.code}", agency_id=body.id, commune_id=unit.id
        )  # fmt: skip
        outlets.add_outlet(wishes, actor=ACTOR, now=made_at)
    for new in _bulletins(stage, owner.id, owner.name):
        row = bulletins.take_bulletin(new, actor=ACTOR, now=stage.now)
        dispatching.send_due(now=stage.now, carry=_carried)
        for dispatch in Dispatch.objects.filter(bulletin=row, outlet__kind=Kind.LOUDSPEAKER).order_by("id")[1:]:
            receipts.hear(Word(str(dispatch.uid), played=True, said="phát 2 lần (dùng thử)"), now=stage.now)
    return f"{len(CITY_WIDE)} nơi nhận chung, {min(CLUSTERS, len(bodies))} cụm loa, 2 bản tin"


def _carried(parcel: Parcel) -> Taken:
    if parcel.kind is Kind.FACEBOOK and not parcel.words.drill:
        raise OutletRefused("Facebook 200 trang chưa cho phép đăng (dùng thử)")
    return Taken(f"dung-thu-{parcel.dispatch_id}")


def _bulletins(stage: Stage, owner: int, sender: str) -> tuple[NewBulletin, ...]:
    until = clock.at_local(stage.today + timedelta(days=3), 21)
    return (
        NewBulletin(
            source=Source.NOTICE,
            key="dung-thu-1",
            title="Lịch hướng dẫn cài ứng dụng tại nhà văn hóa tuần này",
            body="Từ 19h30 các tối thứ Ba và thứ Năm, tổ công nghệ số cộng đồng hướng dẫn bà con cài ứng dụng, không mất tiền.",
            instruction="Mang theo điện thoại và căn cước công dân.",
            sender=sender,
            priority=Priority.PRIORITY,
            agency_id=owner,
            valid_from=stage.now,
            valid_until=until,
        ),
        NewBulletin(
            source=Source.NOTICE,
            key="dung-thu-2",
            title="Lũ trên sông Thái Bình vượt báo động 3",
            body="Mực nước tại Phả Lại 6,05 m, trên báo động 3 0,05 m. Lưu lượng 2.150 m³/s, còn lên 3–5 cm/giờ.",
            instruction="Rời bãi sông trước 16h30. Gọi 112 khi cần cứu.",
            sender=sender,
            priority=Priority.URGENT,
            drill=True,
            agency_id=owner,
            valid_from=stage.now,
            valid_until=until,
        ),
    )
