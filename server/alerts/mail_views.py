"""The pages of e-mail: what a user wants to get and where, and the links in what they got."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from server.alerts import addresses
from server.alerts.audience import units_of
from server.alerts.forms import AddressForm
from server.alerts.links import read_confirming, read_stopping
from server.alerts.models import Mailbox, Subscription
from server.alerts.posting import last_of
from server.alerts.wishes import held_by
from server.devices.identity import address_of
from server.places.models import Unit
from server.places.scope import topmost
from server.record.keeping import Action, note, note_of

_SUBJECT = "alerts.subscription"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def my_mail(request: HttpRequest) -> HttpResponse:
    """Where the user gets e-mails, and about which units."""
    user = _user(request)
    units = _offered(user)
    if not units:
        raise Http404
    box = Mailbox.objects.filter(user=user).first()
    form = AddressForm({"address": (box.wanted if box and box.wanted else user.email)})
    form.errors.clear()
    if request.method == "POST":
        if request.POST.get("viec") == "don-vi":
            _subscribe(request, user, units)
            return redirect("my-mail")
        form = AddressForm(request.POST)
        if form.is_valid() and _ask(request, user, form):
            return redirect("my-mail")
    held = held_by(units)
    mine = {one.unit_id: one for one in Subscription.objects.filter(user=user)}
    context = {
        "here": "alerts",
        "sends": settings.SMTP is not None,
        "box": box,
        "good": addresses.good(box, user),
        "form": form,
        "rows": [(unit, mine.get(unit.pk), held[unit.pk].digest_at) for unit in units],
        "mails": last_of(user.pk),
    }
    return render(request, "alerts/mail.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the e-mail that asks for confirming. Reading it does nothing: programs that look for viruses follow links too."""
    asked = read_confirming(token)
    user = _user(request)
    if asked is None or asked.user != user.pk:
        return render(request, "alerts/link_over.html", {"here": "alerts"}, status=404)
    if request.method == "POST":
        if not addresses.confirm(user, asked, timezone.now()):
            return render(request, "alerts/link_over.html", {"here": "alerts"}, status=404)
        note(request, Action.CHANGE, "", "alerts.mailbox", "xác nhận địa chỉ thư điện tử của mình")
        messages.success(request, "Đã xác nhận địa chỉ.")
        return redirect("my-mail")
    return render(request, "alerts/confirm.html", {"here": "alerts", "address": asked.what})


@csrf_exempt  # the reader's mail program posts here, by itself (RFC 8058); the link is signed
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The link in every e-mail that stops the like of it."""
    asked = read_stopping(token)
    user = User.objects.filter(pk=asked.user).first() if asked else None
    if asked is None or user is None:
        return render(request, "alerts/link_over.html", {"here": "alerts"}, status=404)
    unit = Unit.objects.filter(pk=asked.what).first()
    if request.method == "POST":
        wanted = Subscription.objects.filter(user=user)
        stopped = wanted.filter(unit_id=asked.what, digest=True).update(digest=False) if asked.what else wanted.update(urgent=False)
        if stopped:
            note_of(user.get_username(), address_of(request), Action.CHANGE, asked.what, _SUBJECT, "thôi nhận thư, bằng liên kết trong thư")
    return render(request, "alerts/stop.html", {"here": "alerts", "about": unit, "done": request.method == "POST"})


def _user(request: HttpRequest) -> User:
    return User.objects.get(username=request.user.get_username())


def _offered(user: User) -> list[Unit]:
    """The units that the user may get e-mails about: the highest where they have business, and those chosen before."""
    units = units_of(user)
    chosen = units.filter(pk__in=Subscription.objects.filter(user=user).values("unit_id")).select_related("parent")
    return list({unit.pk: unit for unit in [*topmost(units.filter(ended=None)), *chosen]}.values())


def _ask(request: HttpRequest, user: User, form: AddressForm) -> bool:
    if settings.SMTP is None:
        form.add_error(None, "Máy chủ chưa được cài đặt để gửi thư điện tử. Xin báo người quản trị hệ thống.")
        return False
    try:
        addresses.ask(user, form.cleaned_data["address"], settings.SMTP, timezone.now())
    except addresses.TooSoonError:
        form.add_error(None, "Vừa gửi một thư xác nhận. Xin xem hộp thư, kể cả thư rác, rồi thử lại sau hai phút.")
        return False
    except addresses.NotSentError:
        form.add_error(None, "Máy chủ thư chưa nhận. Xin xem lại địa chỉ, hoặc thử lại sau.")
        return False
    note(request, Action.CHANGE, "", "alerts.mailbox", "đổi địa chỉ thư điện tử của mình, chờ xác nhận")
    messages.success(request, "Đã gửi thư xác nhận. Xin mở thư và bấm vào liên kết trong đó.")
    return True


def _subscribe(request: HttpRequest, user: User, units: list[Unit]) -> None:
    now = timezone.now()
    for unit in units:
        wanted = {name: unit.pk in request.POST.getlist(name) for name in ("digest", "urgent")}
        mine = Subscription.objects.filter(user=user, unit=unit).first()
        if mine is None and any(wanted.values()):
            Subscription.objects.create(user=user, unit=unit, since=now, **wanted)
        elif mine is not None and (mine.digest, mine.urgent) != (wanted["digest"], wanted["urgent"]):
            Subscription.objects.filter(pk=mine.pk).update(**wanted, since=now)
        else:
            continue
        said = ", ".join(label for name, label in (("digest", "bản tin"), ("urgent", "cảnh báo khẩn")) if wanted[name])
        note(request, Action.CHANGE, unit.pk, _SUBJECT, f"nhận thư: {said or 'không'}")
    messages.success(request, "Đã lưu.")
