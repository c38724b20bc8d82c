"""How tests look at a tree through its manifest."""

import shutil
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from menhu.delivery.manifest.keys import public_pem, signer_in
from menhu.delivery.manifest.reading import Manifest
from menhu.delivery.manifest.verifying import Hashes, Verification
from tests.delivery import village as v
from tests.delivery.village import HOST


def manifest(top: Path | None = None) -> Manifest:
    return Manifest(top or v.tree_root(), signer_in(settings.KEYS_ROOT).chain[0].key)


def found(top: Path | None = None) -> set[tuple[str, str]]:
    look = Verification(manifest(top), Hashes(), pause=lambda seconds: None)
    return {(finding.kind, finding.name) for finding in look.findings()}


def verify(*arguments: str) -> tuple[int, str]:
    out, code = StringIO(), 0
    try:
        call_command("verify", *arguments, stdout=out, stderr=out)
    except SystemExit as end:
        code = int(str(end.code))
    return code, out.getvalue()


def alone(tmp_path: Path) -> tuple[Path, list[str]]:
    """A web server: a copy of the tree, a public key, no database."""
    copy, key = tmp_path / "www", tmp_path / "menhu.pem"
    shutil.copytree(settings.PUBLIC_ROOT, copy)
    key.write_bytes(public_pem(signer_in(settings.KEYS_ROOT)))
    return copy / HOST, ["--tree", str(copy), "--public-key", str(key)]
