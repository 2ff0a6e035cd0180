"""Officers with photo and PIN; where they are on duty, and how they go to another unit."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.files import File
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from server.administration.scoped import Choice, OfProvince, Scoped, arranged
from server.places.history import going_on
from server.places.models import Counter, Officer, Photo, Unit
from server.places.officers import assign, leave, move, same_person
from server.places.photos import BadPhoto, prepared
from server.places.pins import BadPin, hashed
from sync.wire import sha256

if TYPE_CHECKING:
    OfficerModelForm = forms.ModelForm[Officer]
    CounterChoices = forms.ModelMultipleChoiceField[Counter]
else:
    OfficerModelForm = forms.ModelForm
    CounterChoices = forms.ModelMultipleChoiceField


class CountersField(CounterChoices):
    """Counters of a unit."""

    def label_from_instance(self, obj: Counter) -> str:
        """With who is on duty there now."""
        return f"{obj.name} (đang trực: {obj.on_duty})" if obj.on_duty else obj.name


class OfficerForm(OfficerModelForm):
    """An officer, with room for a new photo and a new PIN."""

    at = CountersField(
        Counter.objects.none(),
        label="Trực tại quầy",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Chọn quầy có người khác đang trực: người đó thôi trực ở quầy ấy.",
    )
    new_photo = forms.FileField(
        label="Ảnh mới",
        required=False,
        help_text="Ảnh chân dung JPEG, PNG hoặc WebP, tối đa 10 MB; máy chủ tự cắt vuông, thu nhỏ và xóa dữ liệu ẩn trong ảnh.",
    )
    remove_photo = forms.BooleanField(label="Bỏ ảnh", required=False)
    new_pin = forms.CharField(
        label="Mã PIN mới",
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "inputmode": "numeric"}),
        help_text="4 đến 6 chữ số, để cán bộ vào ca tại quầy. Không ai xem lại được mã; khi quên, xin đặt mã mới.",
    )
    remove_pin = forms.BooleanField(label="Bỏ mã PIN", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 as Django hands them on
        super().__init__(*args, **options)
        choice = self.fields.get("at")
        if isinstance(choice, forms.ModelMultipleChoiceField):
            counters = Counter.objects.filter(unit_id=self.instance.unit_id).select_related("on_duty")
            choice.queryset = counters
            choice.initial = [counter.pk for counter in counters if counter.on_duty_id == self.instance.pk]

    def clean_new_photo(self) -> bytes | None:
        """The photo as kiosks get it, or None where none was uploaded."""
        upload: File[bytes] | None = self.cleaned_data["new_photo"]
        try:
            return prepared(upload.read()) if upload else None
        except BadPhoto as bad:
            raise forms.ValidationError(str(bad)) from bad

    def clean_new_pin(self) -> str | None:
        """The PIN's hash, or None where none was typed."""
        pin: str = self.cleaned_data["new_pin"]
        try:
            return hashed(pin) if pin else None
        except BadPin as bad:
            raise forms.ValidationError(str(bad)) from bad


class MoveForm(forms.Form):
    """To which unit."""

    unit = Choice(Unit.objects.none(), label="Đơn vị mới")


@admin.register(Officer)
class OfficerAdmin(Scoped):
    """Officers by name; their PINs can be set and not be seen. An officer's row stays in its unit: the results do."""

    form = OfficerForm
    list_display = ["name", "title", "unit", "on_duty_at", "active", "id"]
    list_filter = ["active", OfProvince]
    list_select_related = ["unit"]
    search_fields = ["name", "id", "unit__name"]
    actions = ["move_chosen"]
    change_form_template = "admin/places/officer/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the counters where they are on duty."""
        return super().get_queryset(request).prefetch_related("counters")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Where they are on duty is chosen once the unit is known."""
        some = ["active", "at"] if obj else []
        shown = ["present_photo", "new_photo", "remove_photo", "has_pin", "new_pin", "remove_pin"] if obj else ["new_photo", "new_pin"]
        return ["unit", "name", "title", *some, *shown, *(["elsewhere", "id"] if obj else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """The unit is chosen once; photo and PIN are changed by others."""
        return [*(["unit"] if obj else []), "present_photo", "has_pin", "elsewhere", "id"]

    def narrowed(self, name: str, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """Nobody begins in a unit that has ended."""
        return going_on(queryset)

    @admin.display(description="trực tại")
    def on_duty_at(self, officer: Officer) -> str:
        """At which counters."""
        return ", ".join(counter.name for counter in officer.counters.all()) or "–"

    @admin.display(description="mã PIN")
    def has_pin(self, officer: Officer) -> str:
        """Whether the officer can sign in at the counter."""
        return "đã đặt" if officer.pin else "chưa đặt"

    @admin.display(description="ở đơn vị khác")
    def elsewhere(self, officer: Officer) -> str:
        """In which other units the same person works or worked; their results are there."""
        rows = same_person(officer).select_related("unit__parent").order_by("-active", "unit__name")
        return "; ".join(f"{row.unit.address()} ({'đang công tác' if row.active else 'đã chuyển đi'})" for row in rows) or "–"

    @admin.display(description="ảnh hiện nay")
    def present_photo(self, officer: Officer) -> str:
        """The photo as citizens see it."""
        if not officer.photo:
            return "chưa có ảnh"
        return format_html('<img src="{}" width="192" height="192" alt="">', reverse("admin:officer-photo", args=[officer.photo]))

    @admin.action(description="Chuyển các cán bộ đã chọn sang đơn vị khác", permissions=["change"])
    def move_chosen(self, request: HttpRequest, officers: QuerySet[Officer]) -> HttpResponse:
        """To the page that asks where to."""
        chosen = "&".join(f"officer={officer.pk}" for officer in officers)
        return HttpResponseRedirect(f"{reverse('admin:officer-move')}?{chosen}")

    def get_urls(self) -> list[URLPattern]:
        """Also that of a photo, and of moving."""
        own = [
            path("photo/<str:name>", self.admin_site.admin_view(self._photo), name="officer-photo"),
            path("chuyen/", self.admin_site.admin_view(self._move), name="officer-move"),
        ]
        return [*own, *super().get_urls()]

    def _photo(self, request: HttpRequest, name: str) -> HttpResponse:
        if not self.get_queryset(request).filter(photo=name).exists():
            raise Http404
        return HttpResponse(bytes(Photo.objects.get(sha256=name).body), content_type="image/jpeg")

    def _move(self, request: HttpRequest) -> HttpResponse:
        officers = list(self.get_queryset(request).filter(pk__in=request.GET.getlist("officer"), active=True).select_related("unit"))
        if not officers:
            raise Http404
        form = MoveForm(request.POST or None)
        form.fields["unit"].queryset = going_on(arranged(request)).select_related("parent")  # type: ignore[attr-defined]  # a choice
        if form.is_valid():
            unit = form.cleaned_data["unit"]
            for officer in officers:
                if officer.unit_id != unit.pk:
                    there = move(officer, unit)
                    self.log_change(request, officer, "chuyển đi")
                    self.log_addition(request, there, "chuyển đến")
            messages.success(request, f"Đã chuyển {len(officers)} cán bộ sang {unit}. Kết quả trước đây ở lại đơn vị cũ.")
            return HttpResponseRedirect(reverse("admin:places_officer_changelist"))
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": "Chuyển cán bộ sang đơn vị khác"}
        return TemplateResponse(request, "admin/places/officer/move.html", {**context, "officers": officers, "form": form})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ANN401 as Django types them
        """Keep the officer; a photo that nobody has any more goes at once."""
        before, new = obj.photo, form.cleaned_data.get("new_photo")
        if new:
            obj.photo = sha256(new)
            Photo.objects.get_or_create(sha256=obj.photo, defaults={"body": new})
        elif form.cleaned_data.get("remove_photo"):
            obj.photo = ""
        if new_pin := form.cleaned_data.get("new_pin"):
            obj.pin = new_pin
        elif form.cleaned_data.get("remove_pin"):
            obj.pin = ""
        super().save_model(request, obj, form, change)
        if change and obj.active:
            assign(obj, form.cleaned_data["at"])
        elif change:
            leave(obj)
        if not Officer.objects.filter(photo=before).exists():
            Photo.objects.filter(sha256=before).delete()
