"""The addresses at which citizens ask."""

from django.urls import path

from server.asking.views import ask, withdraw

urlpatterns = [
    path("", ask, name="ask"),
    path("rut/", withdraw, name="withdraw"),
]
