"""Paragraphs of a Báo cáo beside its figures: broadcasts, consolidations of what units report, difficulties and decisions, what is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from smarthd.agencies.rules import Kind, kinds
from smarthd.insights import wording
from smarthd.insights.material import Material
from smarthd.kernel import clock
from smarthd.rollout.selectors import ChannelAired, Consolidated, Total

KINDS_NAMED = 5


def lowered(words: str) -> str:
    """Return words as they go on inside a sentence; a name in capitals keeps them."""
    return words[:1].lower() + words[1:] if words[1:2].islower() or words[1:2] == " " else words


def broadcasts(material: Material) -> list[str]:
    """Say what was planned on which channels, what was aired with proof, and who came by the channels' codes."""
    if not material.aired:
        return [
            f"Số buổi phát thanh, tin bài, tài liệu tuyên truyền kèm minh chứng: {wording.NOTHING_YET}. "
            "Cơ quan lập báo cáo bổ sung theo hồ sơ của mình, ghi rõ nguồn."
        ]
    planned, proven = (sum(getattr(one, what) for one in material.aired) for what in ("planned", "proven"))
    aired = sum(one.aired for one in material.aired)
    whole = (
        f"Trong {wording.count(planned)} lượt tuyên truyền đã đến giờ, {wording.count(aired)} lượt đã thực hiện, "
        f"{wording.count(proven)} lượt có minh chứng ({wording.percent(proven / planned)})."
    )
    return [whole, f"Theo kênh (có minh chứng/đã lên lịch): {'; '.join(_channel(one) for one in material.aired)}.", _came(material)]  # fmt: skip


def _channel(one: ChannelAired) -> str:
    return f"{lowered(one.words)} {wording.count(one.proven)}/{wording.count(one.planned)}"


def _came(material: Material) -> str:
    came = [f"{lowered(one.words)} {wording.count(one.came)}" for one in material.aired if one.came]
    told = "; ".join(came) if came else "chưa kênh nào có từ 10 người"
    return f"Người kích hoạt bằng mã của kênh (ít nhất, vì không phải ai cũng dùng mã): {told}."


def consolidations(material: Material) -> list[str]:
    """Name the consolidation each period's numbers stand on, and its totals, apart by who counted."""
    return [_consolidated(one) for one in material.consolidated]


def _consolidated(one: Consolidated) -> str:
    local = one.as_of.astimezone(clock.ZONE)
    head = (
        f"{one.form}, {lowered(one.period)}: bản tổng hợp số {one.version} lập lúc {local.hour} giờ {local.minute:02d} ngày "
        f"{wording.day(local.date())}, {wording.count(one.handed_in)}/{wording.count(one.due)} đơn vị đã gửi, mã băm {one.content_hash[:16]}."
    )
    told = []
    for measured, words in ((False, "Đơn vị tự báo cáo"), (True, "Nền tảng đo")):
        parts = _by_kind([total for total in one.totals if total.measured is measured])
        told += [f"{words}{parts}."] if parts else []
    return " ".join([head, *told])


def _by_kind(totals: Sequence[Total]) -> str:
    """Tell the totals of each kind of agency apart; kinds are never added to each other, for one may hold the other's numbers."""
    of_kind: dict[str, list[str]] = {}
    for total in totals:
        of_kind.setdefault(total.kind, []).append(f"{lowered(total.label)} {wording.count(total.total)}")
    if len(of_kind) == 1:
        return f": {'; '.join(*of_kind.values())}"
    parts = [f"{lowered(kinds.WORDS[Kind(kind)])}: {', '.join(told)}" for kind, told in of_kind.items()]
    return f", từng cấp không cộng với nhau: {'; '.join(parts)}" if parts else ""


def troubles(material: Material) -> list[str]:
    """Say what was raised, solved, confirmed and still waits, by category, and which decisions answered it."""
    told = material.troubles
    if told is None:
        return ["Đến thời điểm chốt, chưa đơn vị nào nêu khó khăn, vướng mắc trên nền tảng."]
    merged = f" (thêm {wording.count(told.merged)} vướng mắc trùng đã gộp)" if told.merged else ""
    kinds = "; ".join(f"{lowered(words)} {raised} (còn {still})" for words, raised, still in told.by_category)
    words = [
        f"Các đơn vị nêu {wording.count(told.raised)} vướng mắc{merged}: đã giải quyết {wording.count(told.solved)}, trong đó nơi "
        f"nêu xác nhận {wording.count(told.confirmed)}; còn tồn {wording.count(told.open)}. Trả lời lần đầu đúng hạn: "
        f"{wording.count(told.answered_in_time)}/{wording.count(told.raised)}.",
        f"Theo nhóm nguyên nhân: {kinds}.",
    ]
    words += [
        f"Đã có {_decision(one.number)} ngày {wording.day(one.decided_on)} {lowered(one.title)}, "
        f"trả lời {wording.count(one.answered)} vướng mắc."
        for one in told.decisions
    ]
    return words


def _decision(number: str) -> str:
    return f"Quyết định số {number}" if "QĐ" in number.upper() else wording.order_named(number)


def asked_for(material: Material) -> list[str]:
    """Return what is proposed to who decides last: the difficulties that wait there."""
    told = material.troubles
    if told is None or not told.open:
        return []
    kinds = ", ".join(lowered(words) for words, _raised, still in told.by_category[:KINDS_NAMED] if still)
    waiting = f", trong đó {wording.count(told.at_the_top)} vướng mắc đang chờ quyết định" if told.at_the_top else ""
    return [
        f"Đề nghị cấp có thẩm quyền xem xét, giải quyết {wording.count(told.open)} vướng mắc còn tồn{waiting}; "
        f"tập trung vào: {kinds}."
    ]
