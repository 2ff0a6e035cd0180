"""The addresses of pages for people."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path, re_path

from server.results.views import table_file, today, unit_tab, unit_today
from server.results.views_account import OwnPassword

urlpatterns = [
    path("", today, name="today"),
    path("don-vi/<slug:unit_id>/", unit_today, name="unit"),
    path("don-vi/<slug:unit_id>/<slug:slug>/", unit_tab, name="unit-tab"),
    re_path(r"^don-vi/(?P<unit_id>[-\w]+)/(?P<slug>[-\w]+)/(?P<name>[-\w]+)\.(?P<form>xlsx|csv)$", table_file, name="unit-table"),
    path("doi-mat-khau/", OwnPassword.as_view(), name="password"),
    path("login/", LoginView.as_view(template_name="results/login.html", redirect_authenticated_user=True), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
]
