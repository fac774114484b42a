"""What is no plain file is written to, and stays what it is."""

import os
import stat
from pathlib import Path

from jpki_cli.app import OutputTarget


def test_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """With --force a named pipe gets the data; as root, a device such as the null device would else be lost."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        OutputTarget(str(pipe), force=True, is_binary=False).write(b"data")
        assert os.read(reader, 100) == b"data"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]
