"""Badges as images that carry their credential, and the paper itself: one address each."""

from django.urls import re_path

from jalon.attestations import files

app_name = "files"
CODE = r"(?P<code>[0-9A-Z-]{30,40})"
LANGUAGE = r"(?P<language>fr|en)"
urlpatterns = [
    re_path(rf"^v/{CODE}/{LANGUAGE}\.(?P<form>svg|png)$", files.baked, name="baked"),
    re_path(rf"^v/{CODE}/attestation-{LANGUAGE}\.pdf$", files.paper, name="paper"),
]
