"""What a unit changes on its kiosks, in the administration: one page for each unit."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model, Q, QuerySet
from django.forms import BaseInlineFormSet, ModelForm, Textarea, TextInput
from django.http import HttpRequest

from server.administration.scoped import OfProvince, Scoped, ScopedInline, arranged
from server.places.pins import BadPin, hashed
from server.screens.models import OpenSpan, OtherDay, OwnReason, Screens, Sentence
from server.screens.publish import overlapping, publish
from sync.pins import MOST_DIGITS_OF_A_TECHNICIAN
from sync.shown import MAX_OTHER_DAYS, MAX_REASONS, MAX_SPANS

if TYPE_CHECKING:
    StackedInline = admin.StackedInline[Model, Screens]
    TabularInline = admin.TabularInline[Model, Screens]
    FormSet = BaseInlineFormSet[Any, Screens, ModelForm[Any]]
    ScreensModelForm = ModelForm[Screens]
else:
    StackedInline = admin.StackedInline
    TabularInline = admin.TabularInline
    FormSet = BaseInlineFormSet
    ScreensModelForm = ModelForm


class ScreensForm(ScreensModelForm):
    """A unit's screens, with room for the technician's new PIN."""

    new_pin = forms.CharField(
        label="Mã PIN mới của kỹ thuật viên",
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "inputmode": "numeric"}),
        help_text="4 đến 8 chữ số (nên dùng 8), để mở màn hình kỹ thuật trên kiosk: giữ góc trên bên trái 5 giây. "
        "Chưa đặt: như cấp trên; nếu cấp trên cũng chưa đặt thì không mở được trên kiosk.",
    )
    remove_pin = forms.BooleanField(label="Bỏ mã PIN của kỹ thuật viên", required=False)

    def clean_new_pin(self) -> str | None:
        """The PIN's hash, or None where none was typed."""
        pin: str = self.cleaned_data["new_pin"]
        try:
            return hashed(pin, MOST_DIGITS_OF_A_TECHNICIAN) if pin else None
        except BadPin as bad:
            raise forms.ValidationError(str(bad)) from bad


class SpanForms(FormSet):
    """The week: its spans must not overlap."""

    def clean(self) -> None:
        """Name the two that do, and a day with too many."""
        super().clean()
        if any(self.errors):
            return
        spans = _kept(self)
        for one, other in overlapping(spans):
            raise ValidationError(f"{one} và {other} chồng lên hoặc nối liền nhau. Xin gộp lại hoặc sửa giờ.")
        for day, name in OpenSpan.Weekday.choices:
            if sum(span.weekday == day for span in spans) > MAX_SPANS:
                raise ValidationError(f"{name} có quá {MAX_SPANS} khoảng giờ. Xin gộp bớt.")


class ReasonForms(FormSet):
    """The reasons of a unit."""

    def clean(self) -> None:
        """Not more than a screen can offer, and no standard one twice."""
        super().clean()
        if any(self.errors):
            return
        reasons = _kept(self)
        standards = [reason.standard for reason in reasons if reason.standard]
        if len(set(standards)) < len(standards):
            raise ValidationError("Một lý do có sẵn được chọn ở hai dòng. Xin bỏ một dòng.")
        for rating, name in OwnReason.Rating.choices:
            if sum(reason.offered and reason.rating == rating for reason in reasons) > MAX_REASONS:
                raise ValidationError(f"“{name}” có quá {MAX_REASONS} lý do đang dùng. Xin bỏ chọn bớt.")


def _kept(forms: FormSet) -> list[Any]:
    """The rows as they will be."""
    return [form.instance for form in forms.forms if form.has_changed() or form.instance.pk if not form.cleaned_data.get("DELETE")]


class SentenceInline(ScopedInline, TabularInline):
    """Sentences."""

    model = Sentence
    extra = 0
    formfield_overrides = {
        models.CharField: {"widget": TextInput(attrs={"size": 8})},
        models.TextField: {"widget": Textarea(attrs={"rows": 2, "cols": 60})},
    }


class ReasonInline(ScopedInline, StackedInline):
    """Reasons: offered no more, but never deleted."""

    model = OwnReason
    formset = ReasonForms
    extra = 0
    can_delete = False
    formfield_overrides = {models.CharField: {"widget": TextInput(attrs={"size": 24})}}
    readonly_fields = ["name"]
    fields = [("standard", "rating", "icon"), ("vietnamese", "english"), ("place", "offered", "name")]


class SpanInline(ScopedInline, TabularInline):
    """The week."""

    model = OpenSpan
    formset = SpanForms
    extra = 0


class OtherDayInline(ScopedInline, StackedInline):
    """Holidays, and days that make up for them."""

    model = OtherDay
    extra = 0
    max_num = MAX_OTHER_DAYS
    fields = [("first", "last"), ("vietnamese", "english"), ("morning_opens", "morning_closes"), ("afternoon_opens", "afternoon_closes")]


@admin.register(Screens)
class ScreensAdmin(Scoped):
    """One page for each unit or counter that changed anything; never deleted, for the ids of its reasons stand in entries.

    What is left empty comes from the level above, else from the kiosk itself.
    """

    form = ScreensForm
    fields = ["unit", "counter", "idle_seconds", "thanks_seconds", "without_officer", "form_address", "has_pin", "new_pin", "remove_pin"]
    list_display = ["__str__", "idle_seconds", "thanks_seconds", "has_pin"]
    list_select_related = ["unit", "counter__unit"]
    list_filter = [OfProvince]
    search_fields = ["unit__name", "counter__name"]
    inlines = [SentenceInline, ReasonInline, SpanInline, OtherDayInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """The page of a unit stays that unit's."""
        return ["unit", "counter", "has_pin"] if obj else ["has_pin"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Screens]:
        """Those of the user's units and of their counters."""
        return Screens.objects.filter(Q(unit__in=arranged(request)) | Q(counter__unit__in=arranged(request)))

    @admin.display(description="mã PIN của kỹ thuật viên")
    def has_pin(self, screens: Screens) -> str:
        """Whether this unit set its own; nobody can see it again."""
        return "đã đặt" if screens.technician else "chưa đặt"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ANN401 as Django types them
        """With the technician's new PIN, if one was typed."""
        if new_pin := form.cleaned_data.get("new_pin"):
            obj.technician = new_pin
        elif form.cleaned_data.get("remove_pin"):
            obj.technician = ""
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: ANN401 as Django types them
        """Keep the rows, and let the kiosks hear of them."""
        super().save_related(request, form, formsets, change)
        publish(form.instance.of_unit)
