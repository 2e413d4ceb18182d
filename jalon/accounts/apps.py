from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "jalon.accounts"

    def ready(self) -> None:
        from jalon.accounts import checks, factors, sessions, signals

        for one in (checks, factors, sessions, signals):
            one.connect()
