"""Units, counters, officers and memberships in the administration. What results refer to cannot be deleted there."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.files import File
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from server.places.models import Counter, Membership, Officer, Photo, Unit
from server.places.photos import BadPhoto, prepared
from server.places.pins import BadPin, hashed
from server.screens.publish import publish
from sync.wire import sha256

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Model]
    OfficerModelForm = forms.ModelForm[Model]
else:
    ModelAdmin = admin.ModelAdmin
    OfficerModelForm = forms.ModelForm


class KeptAdmin(ModelAdmin):
    """Rows that are never deleted: results name them by their id."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Counters and officers stay in their unit: their results do."""
        return ["unit"] if isinstance(obj, Counter | Officer) else []


@admin.register(Unit)
class UnitAdmin(KeptAdmin):
    """Units by name."""

    list_display = ["name", "kind", "parent", "id"]
    list_filter = ["kind"]
    search_fields = ["name", "id"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ANN401 as Django types them
        """Under another province other words may hold."""
        super().save_model(request, obj, form, change)
        publish(obj)


class OfficerForm(OfficerModelForm):
    """An officer, with room for a new photo and a new PIN."""

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


@admin.register(Officer)
class OfficerAdmin(KeptAdmin):
    """Officers by name, with their photos; their PINs can be set and not be seen."""

    form = OfficerForm
    fields = ["unit", "name", "title", "active", "present_photo", "new_photo", "remove_photo", "has_pin", "new_pin", "remove_pin"]
    list_display = ["name", "title", "unit", "active", "id"]
    list_filter = ["active", "unit"]
    search_fields = ["name", "id"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """As of all that are kept; and photo and PIN are changed by others."""
        return [*super().get_readonly_fields(request, obj), "present_photo", "has_pin"]

    @admin.display(description="mã PIN", boolean=True)
    def has_pin(self, officer: Officer) -> bool:
        """Whether the officer can sign in at the counter."""
        return bool(officer.pin)

    @admin.display(description="ảnh hiện nay")
    def present_photo(self, officer: Officer) -> str:
        """The photo as citizens see it."""
        if not officer.photo:
            return "chưa có ảnh"
        return format_html('<img src="{}" width="192" height="192" alt="">', reverse("admin:officer-photo", args=[officer.photo]))

    def get_urls(self) -> list[URLPattern]:
        """Also that of a photo."""
        return [path("photo/<str:name>", self.admin_site.admin_view(self._photo), name="officer-photo"), *super().get_urls()]

    def _photo(self, request: HttpRequest, name: str) -> HttpResponse:
        stored = Photo.objects.filter(sha256=name).first() if self.has_view_permission(request) else None
        if stored is None:
            raise Http404
        return HttpResponse(bytes(stored.body), content_type="image/jpeg")

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
        if not Officer.objects.filter(photo=before).exists():
            Photo.objects.filter(sha256=before).delete()


@admin.register(Counter)
class CounterAdmin(KeptAdmin):
    """Counters, and who is on duty there."""

    list_display = ["name", "unit", "on_duty", "id"]
    list_filter = ["unit"]
    search_fields = ["name", "id"]
    list_select_related = ["unit", "on_duty"]


@admin.register(Membership)
class MembershipAdmin(ModelAdmin):
    """Who sees which unit's results."""

    list_display = ["user", "unit"]
    list_filter = ["unit"]
