"""Which address leads where."""

from django.contrib import admin
from django.urls import include, path, re_path

from server.administration.pages import running_page
from server.api import nothing_here
from server.comments.pages import comment_form
from server.comments.views import sealed
from server.devices.authority import certificates
from server.devices.views import config, enrol, keys_call, photo
from server.intake.public import seal_text, seals
from server.intake.views import entries
from server.releases.urls import REPOSITORY

urlpatterns = [
    path("api/v1/enrol", enrol),
    path("api/v1/entries", entries),
    path("api/v1/keys", keys_call),
    path("api/v1/config/<str:digest>", config),
    path("api/v1/photos/<str:name>", photo),
    path("api/v1/sealed/<str:name>", sealed),
    path("api/v1/", include("server.calls")),
    re_path(r"^api/(?P<rest>(?s:.*))\Z", nothing_here),  # a line break too
    re_path(r"^[Gg]/([0-9A-Za-z]{1,10})/([0-9A-Za-z]{1,200})$", comment_form, name="comment-form"),
    path("hailong-ca.pem", certificates),
    path("quan-tri/", running_page, name="running"),
    path("admin/", admin.site.urls),
    path("danh-muc/", include("server.places.urls")),
    path("cong-khai/niem-phong/", seals, name="seals"),
    path("cong-khai/niem-phong/<str:day>.txt", seal_text, name="seal-text"),
    path("", include("server.login.urls")),
    path("nhat-ky/", include("server.record.urls")),
    path("van-ban/", include("server.documents.urls")),
    path("", include("server.letters.urls")),
    path("canh-bao/", include("server.alerts.urls")),
    path("can-chu-y/", include("server.flags.urls")),
    path("", include("server.cases.urls")),
    path("du-lieu-ca-nhan/", include("server.personal.urls")),
    path("bao-cao/", include("server.reports.urls")),
    path("", include("server.board.urls")),
    path("tra-cuu/", include("server.asking.urls")),
    path("khen/", include("server.commendations.urls")),
    path("", include("server.screens.urls")),
    path("thiet-bi/", include("server.devices.urls")),
    path("phien-ban/", include("server.releases.urls")),
    path("kho/", include(REPOSITORY)),
    path("", include("server.results.charts.urls")),
    path("", include("server.results.urls")),
    path("", include("server.transactions.urls")),
    path("", include("server.tokens.urls")),
]
