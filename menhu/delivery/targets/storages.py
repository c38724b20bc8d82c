"""Any storage of Django: buckets by django-storages, or what an install brings along."""

from collections.abc import Collection, Iterator, Mapping

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import InvalidStorageError, Storage, storages
from django.utils.translation import gettext as _


class StoragePlace:
    """Objects of a storage. One that cannot overwrite lacks a file for a moment while it is replaced."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    @classmethod
    def of(cls, alias: str) -> "StoragePlace":
        """The storage of an alias in STORAGES; raises ImproperlyConfigured where there is none."""
        try:
            return cls(storages[alias])
        except InvalidStorageError as error:
            raise ImproperlyConfigured(_("STORAGES 里没有这个别名：%s") % alias) from error

    def read(self, names: Collection[str]) -> dict[str, bytes]:
        """Raises what the storage raises."""
        found = dict[str, bytes]()
        for name in names:
            try:
                with self._storage.open(name) as file:
                    found[name] = file.read()
            except FileNotFoundError:
                continue
        return found

    def read_all(self, folder: str) -> dict[str, bytes]:
        """Raises what the storage raises."""
        return self.read([f"{folder}/{name}" for name in sorted(self._listed(folder)[1])])

    def names(self, host: str) -> Iterator[str]:
        """Folder by folder, as far as the storage lists them."""
        waiting = [host]
        while waiting:
            folder = waiting.pop()
            folders, files = self._listed(folder)
            waiting += [f"{folder}/{name}" for name in folders if name]
            yield from (f"{folder}/{name}" for name in files if name)

    def _listed(self, folder: str) -> tuple[list[str], list[str]]:
        try:
            return self._storage.listdir(folder)
        except (FileNotFoundError, NotADirectoryError):
            return [], []

    def put(self, files: Mapping[str, bytes]) -> None:
        """Raises what the storage raises, and OSError where it gives the file another name."""
        for name, body in files.items():
            if self._storage.get_available_name(name) != name:
                self._storage.delete(name)
            saved = self._storage.save(name, ContentFile(body))
            if saved != name:
                self._storage.delete(saved)
                raise OSError(_("存储把 %(name)s 改名为 %(saved)s，不能用作发布目标") % {"name": name, "saved": saved})

    def remove(self, names: Collection[str]) -> None:
        """Raises what the storage raises."""
        for name in names:
            try:
                self._storage.delete(name)
            except (FileNotFoundError, NotADirectoryError):
                continue
