"""The addresses of alerts, below /canh-bao/."""

from django.urls import path

from server.alerts import mail_views, views

urlpatterns = [
    path("", views.alerts_page, name="alerts"),
    path("nhan-thu/", mail_views.my_mail, name="my-mail"),
    path("nhan-thu/xac-nhan/<str:token>/", mail_views.confirm, name="confirm-address"),
    path("thoi-nhan/<str:token>/", mail_views.stop, name="stop-mail"),
    path("<slug:unit_id>/", views.alerts_of_unit, name="unit-alerts"),
    path("<slug:unit_id>/cai-dat/", views.wishes_page, name="alert-wishes"),
    path("<slug:unit_id>/<slug:alert_id>/", views.alert_page, name="alert"),
]
