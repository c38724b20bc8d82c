from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "menhu.files"
    label = "files"
    verbose_name = "文件"
