"""Who may log in, and what they do for which unit. Nobody gives more than they have: a role only in their own units, never everything."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserCreationForm
from django.contrib.auth.models import Group, User
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.forms import BaseInlineFormSet, CharField, ModelForm
from django.http import HttpRequest

from server.administration.scoped import OfProvince, Scoped, ScopedInline, arranged
from server.places.history import going_on
from server.places.models import Membership
from server.record.keeping import Action, note

if TYPE_CHECKING:
    StackedInline = admin.StackedInline[Membership, User]
    FormSet = BaseInlineFormSet[Membership, User, ModelForm[Membership]]
    CreationForm = UserCreationForm[User]
else:
    StackedInline = admin.StackedInline
    FormSet = BaseInlineFormSet
    CreationForm = UserCreationForm

FULL_NAME = "Họ và tên"


def is_superuser(request: HttpRequest) -> bool:
    """Whether the user of the request has every right everywhere."""
    return bool(getattr(request.user, "is_superuser", False))


def narrowed_choices(name: str, queryset: QuerySet[Any]) -> QuerySet[Any]:
    """A new role is for a unit that goes on, and for an officer who works."""
    return going_on(queryset) if name == "unit" else queryset.filter(active=True) if name == "officer" else queryset


@admin.register(Membership)
class MembershipAdmin(Scoped):
    """What somebody does for a unit; whoever arranges there may take it away again."""

    deletes = True
    fields = ["user", "unit", "role", "officer"]
    list_display = ["user", "role", "unit", "officer"]
    list_filter = ["role", OfProvince]
    list_select_related = ["user", "unit", "officer"]
    search_fields = ["user__username", "user__first_name", "unit__name"]

    def narrowed(self, name: str, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """What may be chosen."""
        return narrowed_choices(name, queryset)


class MembershipForms(FormSet):
    """The roles of a user; of a new one at least one, for without it they would see nothing, and nobody but the highest them."""

    def get_queryset(self) -> QuerySet[Membership]:
        """In the order in which they are shown."""
        return super().get_queryset().order_by("pk")


class MembershipInline(ScopedInline, StackedInline):
    """What the user does, in the units of who looks."""

    model = Membership
    formset = MembershipForms
    fields = ["unit", "role", "officer"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Roles in other units are not shown."""
        return super().get_queryset(request).filter(unit__in=arranged(request))

    def get_min_num(self, request: HttpRequest, obj: Model | None = None, **options: Any) -> int:  # noqa: ANN401 as Django types them
        """One for a new user."""
        return 0 if obj else 1

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:  # noqa: ANN401 as Django types them
        """A new user has one in any case."""
        return super().get_formset(request, obj, validate_min=obj is None, **options)

    def narrowed(self, name: str, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """What may be chosen."""
        return narrowed_choices(name, queryset)


class NewUserForm(CreationForm):
    """A name to log in with, a password, and what the person is called."""

    first_name = CharField(label=FULL_NAME, max_length=150)

    class Meta(UserCreationForm.Meta):
        fields = ("username", "first_name")


class NewPasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]  # of whom, Django's stubs do not say
    """A password, and the same again; everybody has one."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 as Django hands them on
        super().__init__(*args, **options)
        self.fields.pop("usable_password", None)
        for name in ("password1", "password2"):
            self.fields[name].required = True


admin.site.unregister(Group)
admin.site.unregister(User)


@admin.register(User)
class PeopleAdmin(Scoped, UserAdmin):  # type: ignore[type-arg]  # Django's is made for users alone
    """Users who do something in the units of who looks. Name and password are changed only where all that the user does is there:
    else whoever arranges one commune would become who arranges the province. Nobody is deleted, the record names them.
    """

    add_form = NewUserForm
    add_form_template = None  # Django's own speaks of more that could be set later
    add_fieldsets = ((None, {"fields": ("username", "first_name", "password1", "password2")}),)
    change_form_template = "admin/places/user/change_form.html"
    change_password_form = NewPasswordForm
    change_user_password_template = "admin/places/user/password.html"  # noqa: S105 a page, no password
    fieldsets = ((None, {"fields": ("username", "first_name", "email", "is_active", "last_login")}),)
    readonly_fields = ["last_login"]
    list_display = ["username", "first_name", "roles", "is_active", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["username", "first_name"]
    filter_horizontal = ()
    inlines = [MembershipInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Who does anything in the user's units; who may do everything is seen by their like."""
        everybody = super(Scoped, self).get_queryset(request).prefetch_related("memberships__unit")
        if is_superuser(request):
            return everybody
        here = Membership.objects.filter(user=OuterRef("pk"), unit__in=arranged(request))
        return everybody.filter(Exists(here), is_superuser=False)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Where the user does nothing elsewhere."""
        if not super().has_change_permission(request, obj):
            return False
        if obj is None or is_superuser(request):
            return True
        return not Membership.objects.filter(user_id=obj.pk).exclude(unit__in=arranged(request)).exists()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:  # noqa: ANN401 as Django types them
        """The one field of Django's that is for the whole name here, as Vietnamese names are written."""
        if db_field.name == "first_name":
            options["label"] = FULL_NAME
        return super().formfield_for_dbfield(db_field, request, **options)

    @admin.display(description="vai trò")
    def roles(self, user: User) -> str:
        """What the user does."""
        return "; ".join(f"{one.get_role_display()}, {one.unit}" for one in user.memberships.all()) or "–"

    def record(self, request: HttpRequest, obj: Model, what: str) -> None:
        """In each unit where the user does something."""
        for unit in Membership.objects.filter(user_id=obj.pk).values_list("unit_id", flat=True).distinct() or [""]:
            note(request, Action.CHANGE, unit, str(obj.pk), f"người dùng – {what}")
