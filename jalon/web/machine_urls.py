"""The addresses that machines read; one address in every language."""

from django.urls import path

from jalon.web import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("favicon.ico", views.favicon, name="favicon"),
]
