"""The doors of the second step of sign-in. django-allauth looks them up by their bare names."""

from django.urls import path

from jalon.accounts import views_factors as views

urlpatterns = [
    path("account/sign-in/second-step/", views.authenticate, name="mfa_authenticate"),
    path("account/second-step/", views.index, name="mfa_index"),
    path("account/second-step/", views.index, name="mfa_list_webauthn"),
    path("account/second-step/again/", views.reauthenticate, name="mfa_reauthenticate"),
    path("account/second-step/again/passkey/", views.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/second-step/app/", views.activate_totp, name="mfa_activate_totp"),
    path("account/second-step/app/removal/", views.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second-step/passkeys/new/", views.add_webauthn, name="mfa_add_webauthn"),
    path("account/second-step/passkeys/<int:pk>/removal/", views.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/second-step/codes/", views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-step/codes/new/", views.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
