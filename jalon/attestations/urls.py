"""The page of an attestation, and verification."""

from django.urls import path

from jalon.attestations import views

app_name = "attestations"
urlpatterns = [
    path("attestations/<str:code>/", views.attestation, name="attestation"),
    path("verify/", views.verify, name="verify"),
]
