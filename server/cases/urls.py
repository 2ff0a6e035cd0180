"""The addresses of the suggestion box, of cases and of the Monday reception."""

from django.urls import path

from server.cases.pages_box import boxes, paper, unit_box
from server.cases.pages_cases import case_page, cases, unit_cases
from server.cases.pages_files import attach, attachment
from server.cases.pages_mondays import mondays_page, unit_mondays

urlpatterns = [
    path("gop-y/", boxes, name="box"),
    path("gop-y/<slug:unit_id>/", unit_box, name="unit-box"),
    path("gop-y/<slug:unit_id>/phieu/", paper, name="paper-slip"),
    path("vu-viec/", cases, name="cases"),
    path("vu-viec/<slug:unit_id>/", unit_cases, name="unit-cases"),
    path("vu-viec/<slug:unit_id>/<slug:case_id>/", case_page, name="case"),
    path("vu-viec/<slug:unit_id>/<slug:case_id>/tep/", attach, name="case-attach"),
    path("vu-viec/<slug:unit_id>/<slug:case_id>/tep/<slug:sealed>", attachment, name="case-file"),
    path("tiep-dan/", mondays_page, name="mondays"),
    path("tiep-dan/<slug:unit_id>/", unit_mondays, name="unit-mondays"),
]
