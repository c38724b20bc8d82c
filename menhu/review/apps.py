from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "menhu.review"
    label = "review"
    verbose_name = "三级审批"
