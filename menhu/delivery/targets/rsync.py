"""A tree on another machine, reached by the program `rsync`: over SSH, or as a daemon's module."""

import os
import re
import subprocess
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.utils.translation import gettext as _

PROGRAM: Final = "rsync"
PATIENCE: Final = 60
"""Seconds without a byte, or for a connection, after which the program gives up."""
LONGEST: Final = 3600
_SHELL: Final = "ssh -o BatchMode=yes -o ConnectTimeout=10"
_LISTED: Final = re.compile(r"(?P<kind>[-dlbcps])\S{9,10}\s+[\d,]+ \d{4}/\d\d/\d\d \d\d:\d\d:\d\d (?P<name>.*)")
_ESCAPED: Final = re.compile(rb"\\#([0-3][0-7]{2})")


class RsyncPlace:
    """Every step is one run of the program with a list of names; nothing else on the other side is touched."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/") + "/"

    def read(self, names: Collection[str]) -> dict[str, bytes]:
        """Raises OSError."""
        if not names:
            return {}
        with TemporaryDirectory(prefix="menhu-push-") as folder:
            self._run("-r", "--ignore-missing-args", self._address, f"{folder}/", names=names)
            files = {name: Path(folder, name) for name in names}
            return {name: file.read_bytes() for name, file in files.items() if _is_file(file)}

    def read_all(self, folder: str) -> dict[str, bytes]:
        """Raises OSError."""
        with TemporaryDirectory(prefix="menhu-push-") as copy:
            self._run("-r", "--ignore-missing-args", self._address, f"{copy}/", names=[f"{folder}/"])
            here = Path(copy, folder)
            files = sorted(here.iterdir()) if here.is_dir() else []
            return {f"{folder}/{file.name}": file.read_bytes() for file in files if _is_file(file)}

    def names(self, host: str) -> Iterator[str]:
        """Links count as files; raises OSError."""
        options = ("-r", "--list-only", "--8-bit-output", "--ignore-missing-args")
        with TemporaryDirectory(prefix="menhu-push-") as nowhere:
            told = self._run(*options, self._address, f"{nowhere}/", names=[f"{host}/"])
        for line in told.split("\n"):
            listed = _LISTED.fullmatch(line)
            if listed is None or listed["kind"] == "d":
                continue
            name = listed["name"].partition(" -> ")[0] if listed["kind"] == "l" else listed["name"]
            yield _unescaped(name)

    def put(self, files: Mapping[str, bytes]) -> None:
        """In the order that rsync takes, by name; raises OSError."""
        if not files:
            return
        with TemporaryDirectory(prefix="menhu-push-") as folder:
            for name, body in files.items():
                file = Path(folder, name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(body)
            options = ("-r", "-p", "--chmod=D755,F644", "--ignore-times", "--force")
            self._run(*options, f"{folder}/", self._address, names=files)

    def remove(self, names: Collection[str]) -> None:
        """Emptied directories stay; raises OSError."""
        if not names:
            return
        with TemporaryDirectory(prefix="menhu-push-") as folder:
            for name in names:
                Path(folder, name).parent.mkdir(parents=True, exist_ok=True)
            self._run("-r", "--delete-missing-args", f"{folder}/", self._address, names=names)

    def _run(self, *arguments: str, names: Collection[str]) -> str:
        fixed = [PROGRAM, "--from0", "--files-from=-", "--no-motd", f"--timeout={PATIENCE}"]
        fixed += ["--contimeout=10"] if self._address.startswith("rsync://") else ["-e", _SHELL]
        listed = b"".join(os.fsencode(name) + b"\0" for name in names)
        environment = {**os.environ, "LC_ALL": "C"}
        try:
            ended = subprocess.run(  # noqa: S603 - the address was checked, names go by standard input
                [*fixed, *arguments], input=listed, capture_output=True, timeout=LONGEST, check=False, env=environment
            )
        except FileNotFoundError as error:
            raise OSError(_("没有安装 rsync")) from error
        except subprocess.TimeoutExpired as error:
            raise TimeoutError(_("rsync 超过 %s 秒没有结束") % LONGEST) from error
        if ended.returncode:
            raise OSError(_told(ended.returncode, ended.stderr))
        return os.fsdecode(ended.stdout)


def _told(code: int, stderr: bytes) -> str:
    lines = stderr.decode(errors="replace").strip().splitlines()
    return _("rsync 退出码 %(code)s：%(line)s") % {"code": code, "line": lines[0][:200] if lines else ""}


def _is_file(file: Path) -> bool:
    return file.is_file() and not file.is_symlink()


def _unescaped(name: str) -> str:
    return os.fsdecode(_ESCAPED.sub(lambda found: bytes([int(found[1], 8)]), os.fsencode(name)))
