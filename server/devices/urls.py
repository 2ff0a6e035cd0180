"""The addresses of the pages about devices, below /thiet-bi/."""

from django.urls import path

from server.devices import code_pages, device_pages, pages, quarantine_pages

urlpatterns = [
    path("", pages.overview, name="devices"),
    path("don-vi/<slug:unit_id>/", pages.unit_devices, name="unit-devices"),
    path("don-vi/<slug:unit_id>/tep/", code_pages.unit_files, name="devices-unit-files"),
    path("quay/<slug:counter_id>/", code_pages.counter_page, name="devices-counter"),
    path("quay/<slug:counter_id>/ma/", code_pages.make_code, name="devices-code"),
    path("quay/<slug:counter_id>/huy-ma/", code_pages.void_codes, name="devices-void"),
    path("quay/<slug:counter_id>/tep/", code_pages.counter_files, name="devices-files"),
    path("ma/<slug:name>.svg", code_pages.qr_code, name="devices-qr"),
    path("cach-ly/", quarantine_pages.quarantine, name="quarantine"),
    path("may/<slug:device_id>/", device_pages.device_page, name="device"),
    path("may/<slug:device_id>/thu-hoi/", device_pages.revoke_device, name="device-revoke"),
    path("may/<slug:device_id>/thay/", device_pages.replace_device, name="device-replace"),
    path("may/<slug:device_id>/thu-truoc/", device_pages.try_first, name="device-canary"),
    path("may/<slug:device_id>/bo-canh-bao/", device_pages.clear_flag, name="device-clear"),
]
