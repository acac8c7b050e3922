"""Seeing, taking away, correcting and restricting one's own data; every request with its legal clock."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from smarthd.citizen.forms import account as forms
from smarthd.citizen.views.account.requests import account_id_of, account_page
from smarthd.kernel import clock
from smarthd.people import exports, rules, selectors
from smarthd.people import services as people


@require_safe
@account_page
def index(request: HttpRequest) -> HttpResponse:
    """Show what one may do with one's data and where one's requests stand."""
    pk = account_id_of(request)
    context = {
        "here": "toi",
        "account": selectors.own_account(pk),
        "requests": selectors.data_requests_of(pk, clock.now()),
        "source": rules.SOURCE,
    }
    return render(request, "citizen/account/data.html", context)


@require_POST
@account_page
def see(request: HttpRequest) -> HttpResponse:
    """Show everything that is kept, and why, and how long."""
    sections = people.provide_data(account_id_of(request), kind=rules.RequestKind.ACCESS, now=clock.now())
    shown = [
        {
            "section": section,
            "rows": [[(label, exports.spoken(value)) for label, value in row.items()] for row in section.rows],
        }
        for section in sections
    ]
    return render(request, "citizen/account/data_see.html", {"here": "toi", "shown": shown})


@require_POST
@account_page
def download(request: HttpRequest) -> HttpResponse:
    """Give everything that is kept as a file: for a spreadsheet, or for another program."""
    now = clock.now()
    sections = people.provide_data(account_id_of(request), kind=rules.RequestKind.PROVIDE, now=now)
    if request.POST.get("form") == "csv":
        response = HttpResponse(exports.as_csv(sections), content_type="text/csv; charset=utf-8")
        ending = "csv"
    else:
        response = HttpResponse(exports.as_json(sections, at=now), content_type="application/json")
        ending = "json"
    response["Content-Disposition"] = f'attachment; filename="du-lieu-cua-toi-{clock.day_of(now):%Y%m%d}.{ending}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def ask(request: HttpRequest) -> HttpResponse:
    """Ask an official to correct something, or object to something."""
    form = forms.RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            people.submit_request(
                account_id_of(request),
                kind=rules.RequestKind(form.cleaned_data["kind"]),
                details=form.cleaned_data["details"],
                now=clock.now(),
            )
        except rules.RequestReasonMissing as refusal:
            form.refuse(refusal)
        except rules.RequestOpenAlready:
            form.add_error(
                None, _("Yêu cầu cùng loại trước đó còn đang được thực hiện. Xin chờ kết quả hoặc rút yêu cầu đó.")
            )
        else:
            messages.success(request, _("Đã nhận yêu cầu. Hạn trả lời ghi bên dưới."))
            return HttpResponseRedirect(reverse("citizen:account_data"))
    return render(
        request, "citizen/account/request.html", {"here": "toi", "form": form}, status=422 if form.errors else 200
    )


@require_POST
@account_page
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Take a request back."""
    people.cancel_request(account_id_of(request), code=code, now=clock.now())
    messages.success(request, _("Đã rút yêu cầu."))
    return HttpResponseRedirect(reverse("citizen:account_data"))


@require_POST
@account_page
def restrict(request: HttpRequest) -> HttpResponse:
    """Restrict processing, or lift the restriction."""
    pk = account_id_of(request)
    if "lift" in request.POST:
        people.lift_restriction(pk, now=clock.now())
        messages.success(request, _("Đã bỏ hạn chế."))
    else:
        people.restrict_processing(pk, now=clock.now())
        messages.success(request, _("Đã hạn chế: từ bây giờ không đếm việc sử dụng và không gửi thông báo."))
    return HttpResponseRedirect(reverse("citizen:account_data"))
