"""The addresses of the record."""

from django.urls import path

from server.record.pages import export, record

urlpatterns = [
    path("", record, name="record"),
    path("nhat-ky.csv", export, name="record-export"),
]
