"""What people itself keeps about a person, for that person's own eyes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from smarthd.people import rules
from smarthd.people.exports import Section
from smarthd.people.models import Account, Binding, Consent, DataRequest


def sections(account_id: int) -> Iterable[Section]:
    """Return people's own sections about one account."""
    account = Account.objects.get(pk=account_id)
    yield _account(account)
    yield from _ways_in(account)
    yield _consents(account)
    yield _requests(account)


def _account(account: Account) -> Section:
    return Section(
        key="account",
        title="Tài khoản",
        why="Để đăng nhập và để biết xã, phường nơi ở",
        how_long="Đến khi xóa tài khoản",
        rows=[
            {
                "Họ và tên": account.full_name,
                "Số điện thoại": rules.spoken_phone(account.phone) if account.phone else "",
                "Mã nơi ở": account.home_id,
                "Mở lúc": account.created_at,
                "Bắt đầu dùng ứng dụng đã cài lúc": account.activated_at,
                "Mã tổ đã giúp": account.team_code,
                "Đang hạn chế xử lý": account.restricted_at is not None,
            }
        ],
    )


def _ways_in(account: Account) -> Iterator[Section]:
    yield Section(
        key="installs",
        title="Điện thoại đã cài ứng dụng",
        why="Để biết ứng dụng đã được cài và ai đang dùng trên điện thoại đó",
        how_long="24 tháng từ lần dùng cuối",
        rows=[
            {
                "Mã ứng dụng": binding.install.uid,
                "Loại máy": binding.install.platform,
                "Mở lần đầu": binding.install.first_opened_at,
                "Mở từ màn hình chính": binding.install.standalone_at,
                "Đăng nhập trên máy này": binding.bound_at,
                "Rời máy này": binding.ended_at,
            }
            for binding in Binding.objects.filter(account=account).select_related("install").order_by("bound_at")
        ],
    )
    yield Section(
        key="sessions",
        title="Phiên đăng nhập",
        why="Để thấy và kết thúc phiên lạ",
        how_long="Đến khi phiên kết thúc, nhiều nhất 90 ngày",
        rows=[
            {"Bắt đầu": session.created_at, "Địa chỉ mạng": session.ip, "Trình duyệt": session.user_agent}
            for session in UserSession.objects.filter(user_id=account.pk).order_by("created_at")
        ],
    )
    yield Section(
        key="identities",
        title="Tài khoản định danh đã liên kết",
        why="Để đăng nhập bằng tài khoản định danh; số định danh không được lưu",
        how_long="Đến khi bỏ liên kết",
        rows=[
            {"Nhà cung cấp": social.provider, "Liên kết lúc": social.date_joined}
            for social in SocialAccount.objects.filter(user_id=account.pk)
        ],
    )


def _consents(account: Account) -> Section:
    return Section(
        key="consents",
        title="Sự đồng ý",
        why="Bằng chứng về điều đã đồng ý và đã rút lại",
        how_long="Đến khi xóa tài khoản; sau đó chỉ còn dòng không tên",
        rows=[
            {
                "Mục đích": rules.purpose_title(rules.Purpose(consent.purpose)),
                "Bản lời văn": consent.wording_version,
                "Cách đồng ý": rules.MEANS_WORDS[rules.Means(consent.means)],
                "Đồng ý lúc": consent.given_at,
                "Rút lại lúc": consent.withdrawn_at,
            }
            for consent in Consent.objects.filter(account=account).order_by("given_at")
        ],
    )


def _requests(account: Account) -> Section:
    return Section(
        key="requests",
        title="Yêu cầu về dữ liệu cá nhân",
        why="Luật buộc giữ lại việc đã thực hiện",
        how_long="5 năm từ khi thực hiện xong",
        rows=[
            {
                "Mã": request.code,
                "Yêu cầu": rules.KIND_WORDS[rules.RequestKind(request.kind)],
                "Tình trạng": rules.STATE_WORDS[rules.RequestState(request.state)],
                "Nhận lúc": request.received_at,
                "Hạn thực hiện": request.due_at,
                "Xong lúc": request.closed_at,
                "Kết quả": request.outcome,
            }
            for request in DataRequest.objects.filter(account=account).order_by("received_at")
        ],
    )
