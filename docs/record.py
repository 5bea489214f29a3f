#!/usr/bin/env python3
"""Makes docs/recording.svg from a real run: pip install rich, then docs/record.py PATH_OF_CERTREQ

Types the commands below at a terminal of 80 columns, in an empty directory, and draws what came out.
"""

import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

COMMANDS = [
    "certreq issue --local -i a1998e,b2c3d4",
    "certreq inspect cert_a1998e/cert.pem",
    "certreq verify cert_a1998e",
]


def typed(command: str, place: str, program: Path) -> str:
    """What a command says at a terminal."""
    ours, theirs = pty.openpty()
    path = f"{program.parent}:{os.environ['PATH']}"
    env = {"PATH": path, "HOME": place, "COLUMNS": "80", "TERM": "xterm-256color"}
    child = subprocess.Popen(command, shell=True, cwd=place, env=env, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        said += part
    child.wait()
    return said.decode().replace("\r\n", "\n")


def main() -> None:
    program = Path(sys.argv[1]).resolve()
    console = Console(record=True, width=80, file=open(os.devnull, "w"), force_terminal=True)
    with tempfile.TemporaryDirectory() as place:
        for command in COMMANDS:
            console.print(Text(f"$ {command}", style="bold"))
            # A progress bar draws and wipes itself; what stays on the screen is what counts.
            said = [line.rsplit("\r", 1)[-1] for line in typed(command, place, program).split("\n")]
            console.print(Text.from_ansi("\n".join(said)), highlight=False)
    picture = console.export_svg(title="certreq")
    # No font is fetched from anywhere.
    picture = re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL).replace("Fira Code", "ui-monospace")
    Path(__file__).with_name("recording.svg").write_text(picture)


main()
