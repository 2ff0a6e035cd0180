"""What `hailong-server` says to who looks after the server: in Vietnamese, and only of commands that there are."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from server.installation.__main__ import BY_ROOT, HELP
from server.installation.arguments import Arguments

pytestmark = pytest.mark.once

ENGLISH = re.compile(r"\b(usage|options|arguments?|error|show|required|expected|choice|unrecognized|CommandError|python)\b")


def parser() -> Arguments:
    made = Arguments("setup", "Thiết lập.")
    made.add_argument("file", metavar="TỆP", help="bản sao lưu")
    made.add_argument("--tls", choices=["acme", "files"], help="chứng thư")
    return made


def test_help_is_in_vietnamese() -> None:
    said = parser().format_help()
    assert "Cách gõ: sudo hailong-server setup" in said
    assert not ENGLISH.search(said), said


@pytest.mark.parametrize("words", [[], ["a", "b"], ["a", "--tls"], ["a", "--tls", "none"]])
def test_what_is_typed_wrongly_is_told_in_vietnamese(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(words)
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert "Chưa đúng: " in said
    assert not ENGLISH.search(said), said


def test_the_list_of_commands_names_those_that_there_are() -> None:
    named = re.findall(r"^ {4}([a-z]+) ", HELP, re.MULTILINE)
    assert len(named) >= 8
    assert set(named) <= {*get_commands(), *BY_ROOT}


def test_a_command_that_is_none_and_one_that_refuses_say_so_without_a_word_of_python(folder: Path) -> None:
    for words, said in ((["chek"], "Không có lệnh “chek”"), (["restore", "/nowhere.tar"], "Không có tệp /nowhere.tar")):
        done = subprocess.run(
            [sys.executable, "-m", "server", *words], env={"HAILONG_DATA": str(folder)}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert said in done.stderr
        assert not ENGLISH.search(done.stderr), done.stderr
