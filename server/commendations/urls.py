"""The addresses of commendations."""

from django.urls import path

from server.commendations.views import commend_page, commendation, commendations, of_unit, taking_back

urlpatterns = [
    path("", commendations, name="commendations"),
    path("<slug:unit_id>/", of_unit, name="unit-commendations"),
    path("<slug:unit_id>/moi/", commend_page, name="commend"),
    path("<slug:unit_id>/<uuid:commendation_id>/", commendation, name="commendation"),
    path("<slug:unit_id>/<uuid:commendation_id>/rut/", taking_back, name="commendation-back"),
]
