"""The addresses of the pages of transaction counts."""

from django.urls import path

from server.transactions import views, workbook_views

urlpatterns = [
    path("so-ho-so/", views.units, name="transactions"),
    path("so-ho-so/<slug:unit_id>/", views.month, name="transactions-month"),
    path("so-ho-so/<slug:unit_id>/nhap/<str:day>/", views.day, name="transactions-day"),
    path("so-ho-so/<slug:unit_id>/tep/", workbook_views.taken_in, name="transactions-file"),
    path("so-ho-so/<slug:unit_id>/tep/mau.xlsx", workbook_views.template, name="transactions-template"),
    path("so-ho-so/<slug:unit_id>/xuat.<slug:kind>", workbook_views.export, name="transactions-export"),
]
