"""Two kinds of doors: « am I covered? », open to all; and the register of agreements, for coordinators."""

from django.urls import path

from jalon.agreements import views, views_members, views_register

app_name = "agreements"
AGREEMENT = "agreements/<uuid:pk>/"
SCHOOL = "coverage/<slug:code>/"

urlpatterns = [
    path("coverage/", views.coverage, name="coverage"),
    path(SCHOOL, views.school, name="school"),
    path(SCHOOL + "letter/", views.letter, name="letter"),
    path(SCHOOL + "letter.txt", views.letter_text, name="letter-text"),
    path("agreements/", views_register.agreements, name="agreements"),
    path("agreements/new/", views_register.new, name="new"),
    path("agreements/export.<str:kind>", views_register.export, name="export"),
    path("agreements/bodies/", views_register.bodies, name="bodies"),
    path("agreements/bodies/export.<str:kind>", views_register.bodies_export, name="bodies-export"),
    path("members/readiness/", views_members.staff, name="readiness"),
    path("members/readiness/export.<str:kind>", views_members.staff_export, name="readiness-export"),
    path(AGREEMENT, views_register.agreement, name="agreement"),
    path(AGREEMENT + "suspension/", views_register.suspension, name="suspension"),
    path(AGREEMENT + "reinstatement/", views_register.reinstatement, name="reinstatement"),
    path(AGREEMENT + "extension/", views_register.extension, name="extension"),
    path(AGREEMENT + "end/", views_register.end, name="end"),
    path(AGREEMENT + "reports/", views_register.report, name="report"),
]
