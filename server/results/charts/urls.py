"""Where charts are."""

from django.urls import path

from server.results.charts.views import chart

urlpatterns = [path("don-vi/<slug:unit_id>/bieu-do/<slug:name>.svg", chart, name="chart")]
