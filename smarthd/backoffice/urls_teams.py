"""Pages of community teams: the leader's phone, and the commune's desk under ``quan-ly/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from smarthd.backoffice.views import team_desk, team_phone

urlpatterns: list[URLPattern] = [
    path("to-cong-nghe/", team_phone.home, name="team"),
    path("to-cong-nghe/so-tham/", team_phone.log, name="team_log"),
    path("to-cong-nghe/can-xem/", team_phone.disagreements, name="team_disagreements"),
    path("to-cong-nghe/ma/", team_phone.my_code, name="team_code"),
    path("to-cong-nghe/su-kien/", team_phone.events, name="team_events"),
    path("to-cong-nghe/su-kien/<uuid:uid>/huy/", team_phone.event_cancel, name="team_event_cancel"),
    path("to-cong-nghe/ket-qua/", team_phone.results, name="team_results"),
    path("to-cong-nghe/tap-huan/", team_phone.lessons, name="team_lessons"),
    path("to-cong-nghe/tai-lieu/<uuid:uid>/", team_phone.material, name="team_material"),
    path("to-cong-nghe/chi-phi/", team_phone.expenses, name="team_expenses"),
    path("to-cong-nghe/quan-ly/", team_desk.index, name="teams"),
    path("to-cong-nghe/quan-ly/lap/<uuid:agency>/", team_desk.establish, name="team_new"),
    path("to-cong-nghe/quan-ly/tap-huan/<uuid:agency>/", team_desk.lesson, name="team_lesson"),
    path("to-cong-nghe/quan-ly/ma/<uuid:uid>/ap-phich.pdf", team_desk.poster, name="team_poster"),
    path("to-cong-nghe/quan-ly/ma/<uuid:uid>/thu-hoi/", team_desk.revoke, name="team_code_revoke"),
    path("to-cong-nghe/quan-ly/chi-phi/<uuid:uid>/", team_desk.expense, name="team_expense_decide"),
    path("to-cong-nghe/quan-ly/thanh-vien/<uuid:uid>/", team_desk.member, name="team_member"),
    path("to-cong-nghe/quan-ly/<uuid:uid>/", team_desk.detail, name="team_detail"),
    path("to-cong-nghe/quan-ly/<uuid:uid>/<slug:act>/", team_desk.act, name="team_act"),
]
