"""The addresses of personal data."""

from django.urls import path

from server.personal import keeping, views

urlpatterns = [
    path("", views.personal, name="personal"),
    path("<slug:unit_id>/", views.of_unit, name="personal-unit"),
    path("<slug:unit_id>/tim/", views.found, name="personal-found"),
    path("<slug:unit_id>/xuat/", views.export, name="personal-export"),
    path("<slug:unit_id>/xoa/", views.erase, name="personal-erase"),
    path("<slug:unit_id>/da-xoa/<uuid:erasure_id>/", views.erased, name="personal-erased"),
    path("<slug:unit_id>/thoi-han/", keeping.terms, name="personal-terms"),
    path("<slug:unit_id>/giu-lai/", keeping.holds, name="personal-holds"),
    path("<slug:unit_id>/ho-so-xu-ly/", keeping.processing, name="personal-processing"),
]
