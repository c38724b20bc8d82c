"""A run on a database as installs have it: killed inside a portion, taken up, by two at once; what lies on the disk."""

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from menhu.audit.models import Event
from menhu.cases.actions import retaining
from menhu.cases.enums import CaseState, RetentionDeed
from menhu.cases.models import Case, CaseEvent, RetentionRun
from tests.cases.archive import rule
from tests.cases.desk import Desk
from tests.factories import build_world

WORD = "焱犇骉羴"

SETUP = f"""
import django; django.setup()
from datetime import timedelta
from django.core.management import call_command; call_command('migrate', verbosity=0)
from django.utils import timezone
from menhu.cases.models import Answer, Case, CaseEvent, CaseKind, RetentionRule, Sender
from menhu.units.actions import add_unit; from menhu.units.enums import UnitKind
unit = add_unit(parent=None, by=None, name='云岭县', short_name='云岭县', slug='county', kind=UnitKind.COUNTY)
kind = CaseKind.objects.create(code='sample', prefix='YL', confidence='house')
now = timezone.now(); past = now - timedelta(days=50)
for n in range(12):
    case = Case.objects.create(
        number=f'YL{{n}}', key_digest=str(n), kind=kind, desk=unit, state='closed', is_open=False, title='{WORD}',
        text='{WORD}' * 900, received_at=past, step_at=past, ended_at=past)
    Sender.objects.create(case=case, name='{WORD}', phone_digest='x')
    CaseEvent.objects.create(case=case, kind='progress', at=past, text='{WORD}')
RetentionRule.objects.filter(code='anonymise').update(is_active=True, days=30)
"""
KILLED = """
import django; django.setup()
import os
from menhu.cases import retention
from menhu.cases.actions import retaining
portions = []
def kill(portion):
    portions.append(portion)
    if len(portions) == 2:
        os._exit(9)
retention.register(retention.Provider('killer', kill, kill))
(run,) = retaining.start_at_the_server()
while retaining.go_on(run, portion=5):
    pass
"""
COUNTED = """
import django; django.setup()
import json
from menhu.cases.models import Case, CaseEvent, RetentionRun, Sender
print(json.dumps([
    Case.objects.filter(text='', anonymised_at__isnull=False).count(),
    Sender.objects.filter(phone_digest='', erased_at__isnull=False).count(),
    CaseEvent.objects.filter(kind='progress', text='').count(),
    CaseEvent.objects.filter(kind='anonymise').count(),
    [[run.done, run.finished_at is not None] for run in RetentionRun.objects.order_by('pk')],
]))
"""


def ran(code: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "MENHU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment.pop("DATABASE_URL", None)
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=300)


def files_with_the_word(home: Path) -> set[str]:
    return {path.name for path in home.rglob("*") if path.is_file() and WORD.encode() in path.read_bytes()}


def test_a_run_killed_in_the_middle_of_a_portion_is_taken_up_and_leaves_no_word_on_the_disk(tmp_path: Path) -> None:
    assert ran(SETUP, tmp_path).returncode == 0
    assert files_with_the_word(tmp_path) != set()
    assert ran(KILLED, tmp_path).returncode == 9
    assert json.loads(ran(COUNTED, tmp_path).stdout) == [5, 5, 5, 5, [[5, False]]]
    retain = "from django.core.management import call_command; call_command('retain')"
    assert ran(f"import django; django.setup(); {retain}", tmp_path).returncode == 0
    assert json.loads(ran(COUNTED, tmp_path).stdout) == [12, 12, 12, 12, [[12, True]]]
    assert files_with_the_word(tmp_path) == set()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="an in-memory SQLite has one connection")
@pytest.mark.django_db(transaction=True)
def test_two_that_go_on_with_one_run_do_each_case_once() -> None:
    desk, gate = Desk(build_world()), Barrier(2)
    cases = [desk.case(CaseState.CLOSED) for _each in range(12)]
    Case.objects.update(ended_at="2026-01-01T00:00:00+08:00")
    rule(RetentionDeed.ANONYMISE, 30)
    (run,) = retaining.start_at_the_server()
    failures: list[Exception] = []

    def work() -> None:
        gate.wait()
        try:
            while retaining.go_on(run, portion=2):
                pass
        except Exception as error:  # noqa: BLE001 - none may fail, whatever it is
            failures.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert RetentionRun.objects.get().done == len(cases)
    assert Event.objects.filter(verb="cases.anonymise").count() == len(cases)
    assert CaseEvent.objects.filter(kind="anonymise").count() == len(cases)
