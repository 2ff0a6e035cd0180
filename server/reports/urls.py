"""The addresses of reports."""

from django.urls import path

from server.reports.views import ask_paper, keep_opinion, keep_points, paper_file, progress, report_page, reports_of_unit, reports_page

urlpatterns = [
    path("", reports_page, name="reports"),
    path("<slug:unit_id>/", reports_of_unit, name="unit-reports"),
    path("<slug:unit_id>/van-ban/<uuid:paper_id>/tien-do/", progress, name="report-progress"),
    path("<slug:unit_id>/van-ban/<uuid:paper_id>/bao-cao.<slug:form>", paper_file, name="report-file"),
    path("<slug:unit_id>/<slug:kind>/<str:day>/", report_page, name="report"),
    path("<slug:unit_id>/<slug:kind>/<str:day>/van-ban/", ask_paper, name="report-ask"),
    path("<slug:unit_id>/<slug:kind>/<str:day>/nhan-xet/", keep_opinion, name="report-opinion"),
    path("<slug:unit_id>/<slug:kind>/<str:day>/chin-chi-so/", keep_points, name="report-points"),
]
