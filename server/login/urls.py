"""The addresses of the entrance."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.decorators.http import require_safe

from server.login.pages import Entrance, Password, password_changed

urlpatterns = [
    path("login/", Entrance.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("mat-khau/", Password.as_view(), name="password"),
    path("mat-khau/da-doi/", require_safe(login_required(password_changed)), name="password-changed"),
]
