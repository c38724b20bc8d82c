"""What a verifier remembers between runs, so that an older tree with an honest signature is noticed."""

import json
from pathlib import Path

from django.utils.translation import gettext as _

from menhu.delivery.manifest.keys import NotTrustedError
from menhu.delivery.manifest.reading import Root


class Memory:
    """The highest serial and the longest chain of keys seen of each host, kept in a small file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: dict[str, list[int]] = json.loads(file.read_bytes()) if file.exists() else {}

    def note(self, host: str, root: Root) -> None:
        """Remember a root; raises NotTrustedError where a newer one was seen before."""
        serial, keys = self._seen.get(host, [0, 0])
        if root.serial < serial or root.keys < keys:
            raise NotTrustedError(_("清单比以前见过的旧"))
        if [root.serial, root.keys] != [serial, keys]:
            self._seen[host] = [root.serial, root.keys]
            fresh = self._file.with_name(f".{self._file.name}.new")
            fresh.write_text(json.dumps(self._seen), encoding="utf-8")
            fresh.replace(self._file)
