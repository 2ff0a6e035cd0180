"""Attachments of a case: sent, and fetched."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from server.cases.doors import case_here
from server.cases.files import MOST_BYTES, MOST_FILES, Kept, NotTakenError, download, taken
from server.cases.models import Paper
from server.cases.pages_cases import moved_on, seen
from server.cases.taking import NotNextError, add_paper, in_hand, tell
from server.comments.by_office import keep, keep_file, open_file
from server.record.keeping import Action, note
from sync.entries import Malformed
from sync.sealing import Written


@csrf_exempt  # here, for it reads the body, which must not go to the disk
@require_POST
@login_required
@never_cache
def attach(request: HttpRequest, unit_id: str, case_id: str) -> HttpResponse:
    """Put a file to the case."""
    handler = Kept(request)
    request.upload_handlers = [handler]
    return _attach(request, unit_id, case_id, handler)


@require_safe
@login_required
@never_cache
def attachment(request: HttpRequest, unit_id: str, case_id: str, sealed: str) -> HttpResponse:
    """Fetch a file of the case."""
    place, case = case_here(request, unit_id, case_id)
    if not place.reads:
        raise Http404
    get_object_or_404(Paper, unit_id=place.unit.pk, case=case.id, sealed=sealed, kind=Paper.Kind.ATTACHMENT)
    try:
        file = open_file(sealed)
    except (LookupError, Malformed):
        raise Http404 from None
    note(request, Action.EXPORT, place.unit.pk, case.id, f"tệp kèm theo {sealed}")
    return download(file)


@csrf_protect
def _attach(request: HttpRequest, unit_id: str, case_id: str, handler: Kept) -> HttpResponse:
    place, case = case_here(request, unit_id, case_id)
    if not place.reads:
        raise Http404
    sent, who, now = request.FILES.get("tep"), request.user.get_username(), timezone.now()
    try:
        if handler.too_long:
            raise NotTakenError(f"Tệp lớn quá {MOST_BYTES // 1024 // 1024} MB. Xin giảm cỡ ảnh, hoặc tách tệp.")
        if not isinstance(sent, UploadedFile):
            raise NotTakenError("Xin chọn một tệp.")
        file = taken(sent.name or "", sent.read())
        with in_hand(case, seen(request)) as kept:
            if Paper.objects.filter(unit_id=kept.unit_id, case=kept.id, kind=Paper.Kind.ATTACHMENT).count() >= MOST_FILES:
                raise NotTakenError(f"Vụ việc đã có {MOST_FILES} tệp, không thêm được nữa.")
            add_paper(kept, Paper.Kind.ATTACHMENT, keep_file(kept.unit_id, file, who, now), who, now)
            # What it is called is read with the history, without opening the whole file.
            add_paper(kept, Paper.Kind.NOTE, keep(kept.unit_id, Written(text=file.name, language="vi"), who, now), who, now)
            tell(kept, who, now, "thêm tệp")
    except NotTakenError as error:
        messages.error(request, str(error))
    except NotNextError:
        case.refresh_from_db()
        messages.error(request, moved_on(case))
    else:
        note(request, Action.CHANGE, place.unit.pk, case.id, "thêm tệp")
        messages.success(request, "Đã thêm tệp.")
    return redirect("case", place.unit.pk, case.id)
