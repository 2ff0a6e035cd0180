"""The addresses of letters and lists."""

from django.urls import path

from server.letters import views

urlpatterns = [
    path("vu-viec/<slug:unit_id>/<slug:case_id>/giay-moi/", views.case_letter, {"name": "letter-invitation"}, name="letter-invitation"),
    path("vu-viec/<slug:unit_id>/<slug:case_id>/thu-xin-loi/", views.case_letter, {"name": "letter-apology"}, name="letter-apology"),
    path("vu-viec/<slug:unit_id>/<slug:case_id>/tra-loi/", views.case_letter, {"name": "letter-explanation"}, name="letter-explanation"),
    path("tiep-dan/<slug:unit_id>/<str:day>/danh-sach/", views.monday_list, name="monday-list"),
    path("khen/<slug:unit_id>/danh-sach/", views.commendation_list, name="commendation-list"),
]
