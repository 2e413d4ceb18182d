"""The doors of the catalogue."""

from django.urls import path

from jalon.library import views, views_author

app_name = "library"
urlpatterns = [
    path("programs/", views.programs, name="programs"),
    path("programs/<slug:slug>/", views.program, name="program"),
    path("programs/<slug:slug>/protocol/", views.protocol, name="protocol"),
    path("programs/<slug:slug>/protocol/<str:version>/", views.protocol_version, name="protocol-version"),
    path("programs/<slug:slug>/badges/<slug:badge>.svg", views.badge, name="badge"),
    path("content/", views_author.contents, name="contents"),
    path("content/<slug:slug>/<str:version>/", views_author.content, name="content"),
    path(
        "content/<slug:slug>/<str:version>/<slug:kind>/<slug:activity>/",
        views_author.activity,
        name="content-activity",
    ),
]
