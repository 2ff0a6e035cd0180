"""The addresses of the pages of tokens."""

from django.urls import path

from server.tokens import views

urlpatterns = [
    path("quan-tri-token/", views.tokens, name="tokens"),
    path("quan-tri-token/moi/<slug:unit_id>/", views.new, name="token-new"),
    path("quan-tri-token/thu-hoi/<slug:token_id>/", views.revoked, name="token-revoke"),
]
