"""A county to measure on: built once per data directory, without its two hundred thousand files."""

import os
import sys

import django


def prepare(scale: str, *, with_letters: bool = False) -> None:
    """Start Django and build what is missing; letters, each lived step by step, only where they are measured."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    _make_database()
    django.setup()
    from django.conf import settings

    from menhu.delivery.serving.preparation import prepare as prepare_release
    from menhu.demo.building.archive import build_archive
    from menhu.demo.building.mail import build_letters
    from menhu.demo.building.mailboxes import build_mailboxes
    from menhu.demo.building.organisation import build_organisation
    from menhu.demo.building.plan import SEED, Plan, keep_plan, kept_plan
    from menhu.demo.building.web import build_portal, build_templates, build_unit_sites
    from menhu.demo.building.work import build_work

    plan = kept_plan(settings.HOME) or Plan(scale=scale, seed=SEED, end="2026-11-20")
    keep_plan(settings.HOME, plan)
    prepare_release()
    build_organisation()
    build_portal()
    build_templates()
    build_mailboxes()
    for name, steps in (
        ("sites", build_unit_sites(plan)),
        ("articles", build_archive(plan)),
        ("work", build_work(plan)),
        ("letters", build_letters(plan) if with_letters else ()),
    ):
        for step in steps:
            sys.stderr.write(f"\r{name} {step}          ")
    sys.stderr.write("\n")
    _refresh_statistics()


def _make_database() -> None:
    """An own database on the PostgreSQL server, if one is named and it is not there yet."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        return
    import psycopg

    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if known is None:
            connection.execute(f'CREATE DATABASE "{name}"')


def _refresh_statistics() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
