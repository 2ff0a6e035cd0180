"""The addresses of the page of versions; those of the repository are `REPOSITORY`."""

from django.urls import path

from server.releases import pages, serving

urlpatterns = [
    path("", pages.releases, name="releases"),
    path("<str:version>/giai-doan/", pages.staged, name="release-stage"),
]
REPOSITORY = [
    path("dists/<str:suite>/InRelease", serving.in_release),
    path("dists/<str:suite>/main/binary-amd64/Packages", serving.packages),
    path("pool/<str:name>", serving.pool, name="release-file"),
]
