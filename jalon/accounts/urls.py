"""The doors of an account. Of django-allauth only these pages exist; nothing else of it can be reached."""

from allauth.account import views as allauth
from django.urls import include, path

from jalon.accounts import (
    urls_factors,
    views,
    views_addresses,
    views_factors,
    views_imports,
    views_journal,
    views_members,
)

# django-allauth looks these up by their bare names.
sign_in = [
    path("account/sign-in/", views.ours(allauth.login), name="account_login"),
    path("account/sign-in/", views.ours(allauth.login), name="account_request_login_code"),
    path("account/sign-in/code/", views.ours(allauth.confirm_login_code), name="account_confirm_login_code"),
    path("account/sign-up/", views.ours(allauth.signup), name="account_signup"),
    path("account/sign-up/code/", views.ours(allauth.email_verification_sent), name="account_email_verification_sent"),
    path("account/sign-out/", views_factors.sign_out, name="account_logout"),
    path("account/address/", views_addresses.addresses, name="account_email"),
    path("account/closed/", views.ours(allauth.account_inactive), name="account_inactive"),
]
pages = [
    path("account/", views.account, name="account"),
    path("account/name/", views.name, name="name"),
    path("account/settings/", views.settings, name="settings"),
    path("account/schools/new/", views.declare, name="declare"),
    path("account/schools/<uuid:pk>/departure/", views.departure, name="departure"),
    path("account/address/<int:pk>/primary/", views_addresses.primary, name="address-primary"),
    path("account/address/<int:pk>/removal/", views_addresses.removal, name="address-removal"),
    path("account/resend/", views.resend, name="resend"),
    path("account/name/withdrawal/", views.name_withdrawal, name="name-withdrawal"),
    path("members/", views_members.members, name="members"),
    path("members/imports/", views_imports.imports, name="imports"),
    path("members/imports/<uuid:pk>/", views_imports.one, name="import"),
    path("members/imports/<uuid:pk>/resumption/", views_imports.resumption, name="resumption"),
    path("members/imports/<uuid:pk>/undoing/", views_imports.undoing_, name="undoing"),
    path("members/uploads/<uuid:pk>/", views_imports.upload, name="upload"),
    path("members/uploads/<uuid:pk>/confirmation/", views_imports.upload_confirmation, name="upload-confirmation"),
    path("members/<uuid:pk>/", views_members.member, name="member"),
    path("members/<uuid:pk>/confirmation/", views_members.confirmation, name="confirmation"),
    path("members/<uuid:pk>/end/", views_members.end, name="end"),
    path("journal/", views_journal.journal, name="journal"),
]
urlpatterns = [*sign_in, *urls_factors.urlpatterns, path("", include((pages, "accounts")))]
