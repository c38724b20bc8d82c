import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from menhu.delivery.manifest.keys import KeyLostError, NotTrustedError, signer_in, trusted_key
from menhu.delivery.manifest.memory import Memory
from menhu.delivery.manifest.mending import (
    Fetch,
    ask_anew,
    fetch_anew,
    from_address,
    from_directory,
    is_in_the_way,
    seal_anew,
    seal_owned,
    set_aside,
)
from menhu.delivery.manifest.reading import Manifest
from menhu.delivery.manifest.verifying import Finding, Hashes, Verification
from menhu.delivery.publishing.publisher import Publisher
from menhu.delivery.rules import is_host

KINDS = {"changed": gettext_lazy("被改动"), "missing": gettext_lazy("缺失"), "extra": gettext_lazy("多出")}
EACH: Final = 5.0
ROUNDS: Final = 3
"""Of a repair: what one sets aside may have hidden what the next finds."""
WHOLE: Final = 3600.0
"""Seconds after which a watcher reads every file again, changed times or not."""


class Command(BaseCommand):
    help = str(
        gettext_lazy("核对公开文件与签名清单：指出被改动、缺失、多出的文件。退出码：0 一致，1 有差异，2 无法核对。")
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="", help=_("只核对这个主机"))
        parser.add_argument("--json", action="store_true", help=_("每行一个 JSON 对象"))
        parser.add_argument("--watch", action="store_true", help=_("一直核对下去，按 Ctrl-C 停止"))
        parser.add_argument("--repair", action="store_true", help=_("修复：重新生成，或用 --from 取回"))
        parser.add_argument("--tree", type=Path, help=_("网站服务器上的文件目录（不用数据库）"))
        parser.add_argument("--public-key", type=Path, help=_("公钥文件（与 --tree 同用）"))
        parser.add_argument("--state", type=Path, help=_("记住最新序号的文件，默认在公钥旁"))
        parser.add_argument("--quarantine", type=Path, help=_("把被改动和多出的文件移到这个目录"))
        parser.add_argument(
            "--from", dest="source", default="", help=_("从这个网址或目录取回文件（与 --tree --repair 同用）")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify once or for ever; see `help` for the exit code."""
        self._options = options
        is_alone = options["tree"] is not None
        self._root: Path = options["tree"] if is_alone else settings.PUBLIC_ROOT
        self._is_alone = is_alone
        self._fetch = _fetch_of(options["source"]) if options["source"] else None
        self._check_options()
        self._key = self._trusted()
        state = options["state"] or self._default_state()
        self._memory, self._hashes = Memory(state), Hashes(keeps=options["watch"])
        code = self._watch() if options["watch"] else self._once()
        if code:
            sys.exit(code)

    def _check_options(self) -> None:
        options = self._options
        if self._is_alone != (options["public_key"] is not None):
            raise CommandError(_("--tree 与 --public-key 要同时给出。"), returncode=2)
        if self._is_alone and options["repair"] and self._fetch is None:
            raise CommandError(_("网站服务器上修复要用 --from 指明从哪里取回。"), returncode=2)
        if options["host"] and not is_host(options["host"]):
            raise CommandError(_("主机名不对。"), returncode=2)

    def _trusted(self) -> bytes:
        if not self._is_alone:
            return self._own_key()
        try:
            return trusted_key(self._options["public_key"].read_bytes())
        except (OSError, NotTrustedError) as error:
            raise CommandError(_("读不出公钥：%s") % error, returncode=2) from error

    def _own_key(self) -> bytes:
        try:
            return signer_in(settings.KEYS_ROOT).chain[0].key
        except KeyLostError as error:
            raise CommandError(str(error), returncode=2) from error

    def _default_state(self) -> Path:
        if not self._is_alone:
            return Path(settings.KEYS_ROOT) / "verified.json"
        key: Path = self._options["public_key"]
        return key.with_name(f"{key.name}.state.json")

    def _watch(self) -> int:
        read_whole = time.monotonic()
        try:
            while True:
                self._look()
                self.stdout.flush()
                time.sleep(EACH)
                if time.monotonic() - read_whole > WHOLE:
                    read_whole = time.monotonic()
                    self._hashes.forget()
        except KeyboardInterrupt:
            return 0

    def _look(self) -> None:
        """A tree that is away for a while ends no watch."""
        try:
            self._once()
        except (CommandError, OSError) as error:
            self.stderr.write(str(error))

    def _once(self) -> int:
        return max((self._of_host(top) for top in self._tops()), default=0)

    def _tops(self) -> Iterator[Path]:
        if not self._root.is_dir():
            raise CommandError(_("没有这个目录：%s") % self._root, returncode=2)
        wanted = self._options["host"]
        tops = sorted(path for path in self._root.iterdir() if path.is_dir() and not path.name.startswith("."))
        found = [top for top in tops if not wanted or top.name == wanted]
        if not found:
            raise CommandError(_("没有可核对的主机。"), returncode=2)
        yield from found

    def _of_host(self, top: Path) -> int:
        manifest = Manifest(top, self._key)
        try:
            self._memory.note(top.name, manifest.root())
            return self._dealt_with(manifest, self._found(manifest))
        except NotTrustedError as error:
            self._tell_broken(top.name, error)
        if self._is_alone or not self._options["repair"] or not is_host(top.name):
            return 2
        return self._sealed_anew(manifest)

    def _sealed_anew(self, manifest: Manifest) -> int:
        seal_anew(manifest.top.name)
        try:
            return self._repaired(manifest, [])
        except NotTrustedError as error:
            self._tell_broken(manifest.top.name, error)
            return 2

    def _found(self, manifest: Manifest) -> Iterator[Finding]:
        for finding in Verification(manifest, self._hashes).findings():
            self._show(finding)
            yield finding

    def _show(self, finding: Finding) -> None:
        if self._options["json"]:
            facts = {"host": finding.host, "file": finding.name, "finding": finding.kind}
            self.stdout.write(_writable(json.dumps(facts, ensure_ascii=False)))
        else:
            self.stdout.write(f"{KINDS[finding.kind]}  {finding.host}/{_on_one_line(finding.name)}")

    def _tell_broken(self, host: str, error: NotTrustedError) -> None:
        if self._options["json"]:
            self.stdout.write(json.dumps({"host": host, "finding": "untrusted", "reason": str(error)}))
        else:
            self.stderr.write(_("无法核对 %(host)s：%(reason)s") % {"host": host, "reason": error})

    def _dealt_with(self, manifest: Manifest, findings: Iterator[Finding]) -> int:
        """Repair or set aside what was found; the exit code tells what is left."""
        if self._is_alone:
            return int(sum(not self._mended(manifest, finding) for finding in findings) > 0)
        found = list(findings)
        if not found or not self._options["repair"]:
            return int(bool(found))
        return self._repaired(manifest, found)

    def _repaired(self, manifest: Manifest, found: list[Finding]) -> int:
        """Mend, render, seal and look again, a few times at most."""
        for _attempt in range(ROUNDS):
            self._mend(manifest.top, found)
            Publisher().drain()
            found = list(Verification(manifest, self._hashes).findings())
            if not found:
                self.stdout.write(_("%s：已修复，与清单一致。") % manifest.top.name)
                return 0
        for finding in found:
            self._show(finding)
        return 1

    def _mend(self, top: Path, found: list[Finding]) -> None:
        quarantine = self._options["quarantine"] or settings.HOME / "quarantine"
        left = seal_owned(top, found)
        for finding in left:
            if finding.kind == "extra" or is_in_the_way(top, finding):
                set_aside(top, finding, quarantine)
        ask_anew(left)

    def _mended(self, manifest: Manifest, finding: Finding) -> bool:
        """Whether a file of a web server that stands alone is right again, or at least no longer served."""
        quarantine = self._options["quarantine"]
        is_aside = False
        if quarantine is not None and finding.kind != "missing":
            is_aside = set_aside(manifest.top, finding, quarantine)
            if not is_aside:
                self._tell(_("移不走：%s"), finding)
        if finding.kind == "extra" or not self._options["repair"] or self._fetch is None:
            return is_aside and finding.kind == "extra"
        if fetch_anew(manifest, finding, self._fetch):
            return True
        self._tell(_("取不回：%s"), finding)
        return False

    def _tell(self, what: str, finding: Finding) -> None:
        self.stderr.write(what % f"{finding.host}/{_on_one_line(finding.name)}")


def _on_one_line(name: str) -> str:
    """A name as it can be shown: what a stranger put into it neither breaks the line nor the terminal."""
    return "".join(c if c.isprintable() else _writable(repr(c)[1:-1]) for c in name)


def _writable(text: str) -> str:
    r"""Bytes of a name that are no text become \udc.. escapes, in JSON too."""
    return text.encode("utf-8", "backslashreplace").decode()


def _fetch_of(source: str) -> Fetch:
    if source.startswith(("http://", "https://")):
        return from_address(source)
    if Path(source).is_dir():
        return from_directory(Path(source))
    raise CommandError(_("--from 要是 http(s) 网址或目录。"), returncode=2)
