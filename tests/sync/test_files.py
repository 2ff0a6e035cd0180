"""Files that are whole or not there."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sync.files import write_whole

WRITERS, TIMES = 4, 50


def test_of_several_who_write_a_file_at_once_each_is_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    file = tmp_path / "key-changes.json"
    contents = [bytes([65 + writer]) * 5000 for writer in range(WRITERS)]

    def write(content: bytes) -> None:
        for _ in range(TIMES):
            write_whole(file, content)
            assert file.read_bytes() in contents

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, contents))
    assert list(tmp_path.iterdir()) == [file]


def test_what_cannot_be_written_leaves_the_old_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "status.json"
    folder.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_whole(folder, b"new")
    assert list(tmp_path.iterdir()) == [folder]
