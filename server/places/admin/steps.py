"""What happens to a unit on a day: another name, another province, a merger; and taking it back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from server.administration.scoped import Choice, Scoped, arranged, parent_arranged
from server.places import history
from server.places.models import ABOVE, BEGINNING, Unit


def day_field(label: str, help_text: str) -> forms.DateField:
    """A day, typed as people do or chosen."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "min": BEGINNING.isoformat()})
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], help_text=help_text)


class DatedForm(forms.Form):
    """A step of a unit, from a day on."""

    since = day_field("Từ ngày", "Ngày đầu tiên của tên hoặc cấp trên mới, theo nghị quyết. Ngày chưa đến: tự có hiệu lực khi đến ngày.")

    def clean_since(self) -> Any:  # noqa: ANN401 a day
        """Not before there were votes."""
        since = self.cleaned_data["since"]
        if since <= BEGINNING:
            raise forms.ValidationError(f"Xin chọn ngày sau {BEGINNING:%d/%m/%Y}.")
        return since


class StandForm(DatedForm):
    """What the unit is called and belongs to from then on."""

    name = forms.CharField(label="Tên", max_length=200)
    parent = Choice(Unit.objects.none(), label="Thuộc")

    def __init__(self, *args: Any, unit: Unit, request: HttpRequest, **options: Any) -> None:  # noqa: ANN401 as Django hands them on
        super().__init__(*args, **options)
        if not parent_arranged(request, unit):
            del self.fields["parent"]
        else:
            above = history.going_on(arranged(request).filter(kind=ABOVE[Unit.Kind(unit.kind)])).select_related("parent")
            self.fields["parent"].queryset = above  # type: ignore[attr-defined]  # a choice


class MergeForm(DatedForm):
    """Which units are merged into this one, and what it is called then."""

    units = forms.ModelMultipleChoiceField(Unit.objects.none(), label="Đơn vị nhập vào", widget=forms.CheckboxSelectMultiple)
    name = forms.CharField(label="Tên mới", max_length=200, required=False, help_text="Để trống nếu giữ tên cũ.")
    field_order = ["units", "since", "name"]

    def __init__(self, *args: Any, unit: Unit, request: HttpRequest, **options: Any) -> None:  # noqa: ANN401 as Django hands them on
        super().__init__(*args, **options)
        beside = arranged(request).filter(kind=unit.kind, parent_id=unit.parent_id, ended=None).exclude(pk=unit.pk)
        self.fields["units"].queryset = beside  # type: ignore[attr-defined]  # a choice


class Steps(Scoped):
    """The pages of a unit's steps."""

    def step_urls(self) -> list[URLPattern]:
        """Their addresses."""
        pages = [("ten-moi", self._stand, "unit-stand"), ("sap-nhap", self._merge, "unit-merge")]
        pages += [("thu-hoi", self._forget, "unit-forget"), ("tiep-tuc", self._go_on, "unit-go-on")]
        return [path(f"<path:object_id>/{word}/", self.admin_site.admin_view(view), name=name) for word, view, name in pages]

    def _stand(self, request: HttpRequest, object_id: str) -> HttpResponse:
        unit = self.get_object(request, object_id)
        kept = next((one for one in unit.standings.all() if one.since.isoformat() == request.GET.get("ngay")), None)
        now = kept or unit
        initial = {"name": now.name, "parent": now.parent_id, "since": kept.since if kept else None}
        form = StandForm(request.POST or None, initial=initial, unit=unit, request=request)
        if form.is_valid():
            said = form.cleaned_data
            parent = said["parent"] if "parent" in form.fields else (history.standing_on(unit, said["since"]) or unit).parent
            history.stand(unit, said["since"], said["name"], parent)
            return self._done(request, unit, f"từ {said['since']:%d/%m/%Y}: tên, thuộc")
        return self._page(request, unit, form, "Đổi tên hoặc chuyển đơn vị từ một ngày")

    def _merge(self, request: HttpRequest, object_id: str) -> HttpResponse:
        unit = self.get_object(request, object_id)
        if unit.ended is not None:
            raise PermissionDenied
        form = MergeForm(request.POST or None, unit=unit, request=request)
        if form.is_valid():
            said = form.cleaned_data
            history.merge(said["units"], unit, said["since"])
            for one in said["units"]:
                self.log_change(request, one, f"nhập vào {unit.pk} từ {said['since']:%d/%m/%Y}")
            if said["name"]:
                history.stand(unit, said["since"], said["name"], (history.standing_on(unit, said["since"]) or unit).parent)
            return self._done(request, unit, f"từ {said['since']:%d/%m/%Y}: tiếp nhận {len(said['units'])} đơn vị")
        return self._page(request, unit, form, "Sáp nhập đơn vị khác vào đơn vị này")

    def _forget(self, request: HttpRequest, object_id: str) -> HttpResponse:
        unit = self.get_object(request, object_id)
        standing = get_object_or_404(unit.standings, pk=request.POST.get("standing") or 0)
        history.forget(standing)
        return self._done(request, unit, f"bỏ thay đổi từ {standing.since:%d/%m/%Y}")

    def _go_on(self, request: HttpRequest, object_id: str) -> HttpResponse:
        unit = self.get_object(request, object_id)
        if request.method == "POST":
            history.go_on(unit)
        return self._done(request, unit, "bỏ việc sáp nhập")

    def _done(self, request: HttpRequest, unit: Unit, what: str) -> HttpResponse:
        self.log_change(request, unit, what)
        messages.success(request, f"{unit}: đã lưu.")
        return HttpResponseRedirect(reverse("admin:places_unit_change", args=[unit.pk]))

    def _page(self, request: HttpRequest, unit: Unit, form: forms.Form, title: str) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, "original": unit, "title": title, "subtitle": str(unit)}
        return TemplateResponse(request, "admin/places/unit/step.html", {**context, "form": form})
