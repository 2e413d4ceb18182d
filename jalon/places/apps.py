from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "jalon.places"
