"""The addresses of charts."""

import logging

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from server.places.scope import Right, may_in, units_for
from server.results.charts.address import Chart, read
from server.results.charts.faces import policy
from server.results.charts.gather import gather
from server.results.charts.pictures import picture, version
from server.results.charts.renderer import CannotDraw
from server.results.charts.size import Width

_UNREADABLE = "Địa chỉ biểu đồ không đúng. Xin mở lại trang kết quả và chọn kỳ ở đó."
_NOT_DRAWN = "Chưa vẽ được biểu đồ này. Xin xem bảng số liệu, và thử lại sau ít phút."
_log = logging.getLogger(__name__)


@require_safe
@login_required
@gzip_page
def chart(request: HttpRequest, unit_id: str, name: str) -> HttpResponseBase:
    """A chart of a unit; one that the user may not see is as absent as one that does not exist.

    An address with the version of the present data is good for ever; with another, it is answered with the present picture.
    """
    unit = get_object_or_404(units_for(request.user, Right.SEE_RESULTS), pk=unit_id)
    if name not in list(Chart):
        raise Http404
    try:
        width = Width(int(request.GET.get("w", Width.HALF)))
        asked = read(name, request.GET.dict())
        if asked.tells_hours and not may_in(request.user, Right.SEE_MOMENTS, unit.pk):
            raise Http404
        data = gather(unit, asked)
    except (ValueError, OverflowError):
        return HttpResponse(_UNREADABLE, status=400, content_type="text/plain; charset=utf-8")
    present = version(data)
    etag = quote_etag(f"{present}-{width:d}")
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            response = HttpResponse(picture(data, width), content_type="image/svg+xml; charset=utf-8")
        except CannotDraw as error:
            _log.error("A chart cannot be drawn: %s", error)
            return HttpResponse(_NOT_DRAWN, status=503, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})
    lasting = request.GET.get("v") == present
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=31536000, immutable" if lasting else "private, no-cache"
    response["Content-Security-Policy"] = policy()
    return response
