"""The addresses of import and export."""

from django.urls import path

from server.places import views

urlpatterns = [
    path("", views.tables, name="tables"),
    path("xuat/danh-muc.xlsx", views.export_workbook, name="tables-workbook"),
    path("xuat/<slug:word>.csv", views.export_table, name="tables-csv"),
    path("nhap/", views.upload, name="tables-upload"),
    path("nhap/<slug:upload_id>/", views.try_upload, name="tables-try"),
]
