"""Components draw what they promise."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from smarthd.kernel.errors import Invalid
from smarthd.kernel.paging import Page
from smarthd.ui import wishes
from smarthd.ui.forms import Form

UI = Path(__file__).resolve().parent.parent
SMARTHD = UI.parent
ICONS = set(re.findall(r'<symbol id="([^"]+)"', (UI / "static/ui/icons.svg").read_text()))


def render(text: str, **context: object) -> str:
    return Template(text).render(Context(context))


class Asking(Form):
    name = forms.CharField(label="Họ và tên", help_text="Như trên giấy tờ")
    agree = forms.BooleanField(label="Đồng ý", required=False)
    size = forms.ChoiceField(label="Cỡ chữ", choices=[("v", "Vừa"), ("t", "To")], widget=forms.RadioSelect)


def test_a_field_has_its_label_hint_and_error_tied_to_the_box():
    form = Asking({"size": "v"})
    assert not form.is_valid()
    html = render("{% field form.name %}", form=form)
    assert '<label for="id_name">Họ và tên</label>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert "Mục này còn trống." in html


def test_the_summary_links_every_error_to_its_field():
    html = render("{% error_summary form %}", form=Asking({}))
    assert 'href="#id_name"' in html
    assert "Họ và tên: Mục này còn trống." in html
    assert render("{% error_summary form %}", form=Asking()).strip() == ""


def test_choices_share_one_legend():
    html = render("{% field form.size %}", form=Asking())
    assert html.count("<legend") == 1
    assert html.count('class="choice"') == 2


def test_a_services_refusal_stands_beside_its_field():
    form = Asking({"name": "A", "size": "v"})
    assert form.is_valid()
    form.refuse(Invalid(fields={"name": "Tên quá ngắn"}))
    assert form.errors["name"] == ["Tên quá ngắn"]
    form.refuse(Invalid(words="Chưa đúng giờ"))
    assert form.non_field_errors() == ["Chưa đúng giờ"]


def test_a_bar_above_the_whole_is_flagged_and_not_capped_in_words():
    html = render("{% bar 1.24 target=1 %}")
    assert 'width="100.00"' in html
    assert "124,0%" in html
    assert "vượt 100%" in html


def test_a_figure_carries_base_source_date_and_definition():
    html = render(
        '{% figure "Đã dùng" "83,2%" base="1.204 trên 1.447" source="Sở Nội vụ" on=on definition="Cách đếm" href="/hang/" %}',
        on=date(2026, 11, 24),
    )
    for part in ("83,2%", "1.204 trên 1.447", "Nguồn: Sở Nội vụ, 24/11/2026", "Cách đếm", 'href="/hang/"'):
        assert part in html


def test_paging_keeps_the_filters_of_the_address():
    request = RequestFactory().get("/x/?loai=xa&cursor=abc")
    html = render("{% pagination page %}", page=Page(items=[1], next_cursor="def"), request=request)
    assert "?loai=xa&amp;cursor=def" in html


def test_a_banner_takes_a_block_and_announces_itself_when_live():
    html = render('{% banner "warn" title="Mưa lớn" live="polite" %}Ở nhà{% endbanner %}')
    assert 'class="banner banner-warn"' in html
    assert 'aria-live="polite"' in html
    assert "Mưa lớn" in html


def test_wishes_survive_their_cookie():
    for wish in (wishes.Wishes(), wishes.Wishes(large=True), wishes.Wishes(large=True, theme="toi")):
        assert wishes.parse(str(wish)) == wish
    assert wishes.parse('"><script>') == wishes.Wishes()


def test_every_icon_named_in_a_template_is_drawn():
    named = set()
    for page in SMARTHD.rglob("templates/**/*.html"):
        text = page.read_text()
        named |= set(re.findall(r"""{% icon ["']([\w-]+)["']""", text))
        named |= set(re.findall(r"""icon(?:_name)?=["']([\w-]+)["']""", text))
    assert named <= ICONS
