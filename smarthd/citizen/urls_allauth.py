"""Those of allauth's pages we use, under /tai-khoan/bao-mat/: second factors, sessions, the identity provider's way back.

Its own sign-in, sign-up, e-mail and password pages are not mounted; the names it redirects to lead to ours.
"""

from __future__ import annotations

from allauth.socialaccount import views as socialaccount
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from smarthd.citizen.views.account import signin

urlpatterns: list[URLPattern | URLResolver] = [
    path("vao/", RedirectView.as_view(pattern_name="citizen:signin", query_string=True), name="account_login"),
    path("mo/", RedirectView.as_view(pattern_name="citizen:signin", query_string=True), name="account_signup"),
    path("ra/", signin.sign_out, name="account_logout"),
    path("khoa/", signin.inactive, name="account_inactive"),
    path("lai/", RedirectView.as_view(pattern_name="mfa_index", query_string=True), name="account_reauthenticate"),
    path("hai-buoc/", include("allauth.mfa.urls")),
    path("phien/", RedirectView.as_view(pattern_name="citizen:account_devices"), name="usersessions_list"),
    path("dinh-danh/da-huy/", socialaccount.login_cancelled, name="socialaccount_login_cancelled"),
    path("dinh-danh/loi/", socialaccount.login_error, name="socialaccount_login_error"),
    path("dinh-danh/mo/", RedirectView.as_view(pattern_name="citizen:signin"), name="socialaccount_signup"),
    path(
        "dinh-danh/lien-ket/",
        RedirectView.as_view(pattern_name="citizen:account_identity"),
        name="socialaccount_connections",
    ),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
]
