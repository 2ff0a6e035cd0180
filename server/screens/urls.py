"""The address of the preview."""

from django.urls import path

from server.screens.preview import preview

urlpatterns = [path("don-vi/<slug:unit_id>/man-hinh/", preview, name="preview")]
