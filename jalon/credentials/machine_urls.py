"""The documents that machines read: one address each, whatever the language of the page."""

from django.urls import path, re_path

from jalon.credentials import documents

app_name = "documents"
CODE = r"(?P<code>[0-9A-Z-]{30,40})"
LANGUAGE = r"(?P<language>fr|en)"
urlpatterns = [
    path(".well-known/did.json", documents.did, name="did"),
    path("credentials/log/checkpoint.json", documents.checkpoint, name="checkpoint"),
    path("status/<int:number>", documents.status_list, name="status"),
    re_path(rf"^v/{CODE}/{LANGUAGE}\.json$", documents.credential, name="credential"),
    re_path(rf"^v/{CODE}/{LANGUAGE}\.jwt$", documents.credential_jwt, name="jwt"),
    re_path(
        rf"^achievements/(?P<slug>[a-z0-9-]+)/(?P<version>[0-9.]+)/(?P<level>[a-z0-9_-]+)/{LANGUAGE}$",
        documents.achievement,
        name="achievement",
    ),
    re_path(
        r"^achievements/(?P<slug>[a-z0-9-]+)/(?P<version>[0-9.]+)/(?P<level>[a-z0-9_-]+)\.svg$",
        documents.achievement_image,
        name="achievement_image",
    ),
]
