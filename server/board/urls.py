"""The addresses of the public board, and of publishing."""

from django.urls import path

from server.board.views import answered, board, boards, lobby, publishing, taking_down, withdrawing

urlpatterns = [
    path("cong-khai/", boards, name="boards"),
    path("cong-khai/<slug:unit_id>/", board, name="board"),
    path("cong-khai/<slug:unit_id>/man-hinh/", lobby, name="lobby"),
    path("cong-khai/<slug:unit_id>/ket-qua/", answered, name="answered"),
    path("don-vi/<slug:unit_id>/cong-bo/ket-qua/", taking_down, name="taking-down"),
    path("don-vi/<slug:unit_id>/cong-bo/", publishing, name="publishing"),
    path("don-vi/<slug:unit_id>/cong-bo/<int:number>/thoi/", withdrawing, name="withdrawing"),
]
