from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "menhu.accounts"
    label = "accounts"
    verbose_name = "账号"
