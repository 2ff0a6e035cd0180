"""The addresses of a unit's papers."""

from django.urls import path

from server.documents import views

urlpatterns = [
    path("", views.documents, name="documents"),
    path("<slug:unit_id>/", views.unit_documents, name="unit-documents"),
    path("<slug:unit_id>/<slug:kind>/", views.template, name="template"),
    path("<slug:unit_id>/<slug:kind>/mau-<int:number>.docx", views.template_file, name="template-file"),
    path("<slug:unit_id>/<slug:kind>/thu.docx", views.template_sample, name="template-sample"),
]
