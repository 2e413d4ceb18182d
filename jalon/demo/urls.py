"""The doors of the demonstration; they answer 404 on a real site."""

from django.urls import path

from jalon.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/sign-in/<str:who>/", views.sign_in, name="sign-in"),
    path("demo/mail/", views.mail, name="mail"),
]
