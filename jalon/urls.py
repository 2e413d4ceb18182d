"""Every door of the site: pages are French at the root and English under /en/; documents have one address.

The first that matches answers: what strangers open most, the page of a badge, stands first.
"""

from django.urls import URLPattern, URLResolver, include, path

from jalon.web.urlprefix import localized

machines: list[URLPattern | URLResolver] = [
    path("", include("jalon.web.machine_urls")),
    path("", include("jalon.credentials.machine_urls")),
    path("", include("jalon.attestations.machine_urls")),
]
pages: list[URLPattern | URLResolver] = [
    path("", include("jalon.credentials.urls")),
    path("", include("jalon.web.urls")),
    path("", include("jalon.library.urls")),
    path("", include("jalon.training.urls")),
    path("", include("jalon.review.urls")),
    path("", include("jalon.attestations.urls")),
    path("", include("jalon.agreements.urls")),
    path("", include("jalon.accounts.urls")),
    path("", include("jalon.demo.urls")),
]
urlpatterns = [*machines, *localized(*pages)]

handler400 = "jalon.web.views.bad_request"
handler403 = "jalon.web.views.forbidden"
handler404 = "jalon.web.views.not_found"
handler500 = "jalon.web.views.failure"
