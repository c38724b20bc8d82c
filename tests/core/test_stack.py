"""The stack of apps also holds for foreign keys, which import-linter cannot see."""

from django.apps import apps

RANKS = {
    name: rank
    for rank, names in enumerate(
        (
            ("core",),
            ("audit",),
            ("accounts", "workdays"),
            ("units",),
            ("notices", "files"),
            ("delivery", "search"),
            ("review",),
            ("sites",),
            ("articles",),
            ("cases",),
            ("letters",),
            ("desk",),
            ("demo",),
        )
    )
    for name in names
}


def test_every_app_has_a_rank() -> None:
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("menhu.")}
    assert ours - RANKS.keys() == set()


def test_no_foreign_key_points_upwards_or_sideways() -> None:
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in RANKS
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model is not None
        if (target := field.related_model._meta.app_label) in RANKS and target != model._meta.app_label
        if RANKS[target] >= RANKS[model._meta.app_label]
    ]
    assert wrong == []
