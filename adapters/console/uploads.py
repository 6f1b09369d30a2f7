"""The files of the console's conversations: what people uploaded, the examples they tried, what the bot posted."""

import hashlib
import mimetypes
import re
import shutil
import time
import uuid
from pathlib import Path

from adapters.base import Attachment, File
from adapters.errors import Gone, TooLarge

_UNFIT_FOR_A_FILE_NAME = re.compile(r"[^\w.,() -]")
_LONGEST_NAME = 80


class Uploads:
    """One folder, a folder in it for each file. A reference is the path from here, so it outlives a restart.

    Everything here blocks: call it in a thread.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def path(self, reference: str) -> Path:
        """Where a file lies. Gone if there is none, or if the reference points out of the folder."""
        try:
            path = (self.folder / reference).resolve()
            found = path.is_relative_to(self.folder) and path.is_file()
        except (OSError, ValueError):
            found = False
        if not found:
            raise Gone("the file is no longer there")
        return path

    def attachment(self, path: Path, name: str) -> Attachment:
        """A file in the folder as an attachment; ``name`` is what its owner calls it. Gone if it is not there."""
        path = self.path(str(path))
        return Attachment(
            id=uuid.uuid4().hex,
            name=name,
            media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
            size=path.stat().st_size,
            reference=path.relative_to(self.folder).as_posix(),
        )

    def add(self, file: File) -> Attachment:
        """Keep a file; what is there already is not kept twice."""
        folder = self.folder / hashlib.sha256(file.content).hexdigest()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / (_UNFIT_FOR_A_FILE_NAME.sub("_", file.name)[-_LONGEST_NAME:].strip(". ") or "file")
        path.write_bytes(file.content)
        return self.attachment(path, file.name)

    def copy_out(self, reference: str, target: Path, *, limit: int) -> None:
        """Copy a file to ``target``. Gone, TooLarge above ``limit`` bytes."""
        path = self.path(reference)
        if path.stat().st_size > limit:
            raise TooLarge(f"the file is larger than {limit} bytes")
        shutil.copyfile(path, target)

    def older_than(self, seconds: float) -> set[str]:
        """The references of what was put there longer ago."""
        late = time.time() - seconds
        old = (path for path in self.folder.rglob("*") if path.is_file() and path.stat().st_mtime < late)
        return {path.relative_to(self.folder).as_posix() for path in old}

    def remove(self, reference: str) -> None:
        """Delete a file and its folder, if they are still there."""
        try:
            path = self.path(reference)
        except Gone:
            return
        path.unlink(missing_ok=True)
        if path.parent != self.folder and not any(path.parent.iterdir()):
            path.parent.rmdir()
