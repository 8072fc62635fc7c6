# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
"""Child processes with a time limit, and what processes cost. Linux only: reads /proc."""

import ctypes
import json
import os
import selectors
import signal
import subprocess
import tempfile
import time

TICKS = os.sysconf("SC_CLK_TCK")
_libc = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1


class Failed(Exception):
    """Something could not be measured; the words say what and why."""


def _die_with_parent():
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _stat(pid):
    """Fields of /proc/PID/stat from the third on; the name before them may hold blanks."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return None
    return text[text.rindex(")") + 2:].split()


def parent_of(pid):
    stat = _stat(pid)
    return int(stat[1]) if stat else None


def name_of(pid):
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return ""


def seconds_of(pid):
    """CPU seconds of a process so far, or nothing when it is gone."""
    try:
        # The clock of another process, as clock_getcpuclockid(3) makes it: /proc counts in hundredths of a second.
        return time.clock_gettime((~int(pid) << 3) | 2) if pid else None
    except OSError:
        return None


def tree_seconds(pid):
    """The same of a process and its children, also of those that have ended."""
    stat = _stat(pid) if pid else None
    if not stat:
        return None
    total = (seconds_of(pid) or 0) + sum(int(field) for field in stat[13:15]) / TICKS
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as file:
            children = file.read().split()
    except OSError:
        children = [entry for entry in os.listdir("/proc") if entry.isdigit() and parent_of(entry) == pid]
    return total + sum(seconds_of(child) or 0 for child in children)


class Program:
    """A running program. Its stdout is read by line, its stderr kept in a file; killed with all it started at the latest when
    it is closed, when its time is over, or when this process ends."""

    def __init__(self, arguments, limit, environment=None):
        self.arguments = [str(argument) for argument in arguments]
        self.deadline = time.monotonic() + limit
        self.limit = limit
        self.usage = None
        self.status = None
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            self.arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._errors, start_new_session=True,
            env={**os.environ, **(environment or {})}, preexec_fn=_die_with_parent)
        self.pid = self._process.pid
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._process.stdout, selectors.EVENT_READ)
        self._rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def lines(self):
        """Lines of stdout until it ends, as they come."""
        while True:
            while b"\n" in self._rest:
                line, self._rest = self._rest.split(b"\n", 1)
                yield line.decode("utf-8", "replace")
            left = self.deadline - time.monotonic()
            if left <= 0 or not self._selector.select(left):
                raise Failed(f"{self._title()} took longer than {self.limit:.0f} s")
            more = os.read(self._process.stdout.fileno(), 1 << 16)
            if not more:
                return
            self._rest += more

    def objects(self):
        """Lines that are JSON objects."""
        for line in self.lines():
            if line.startswith("{"):
                yield json.loads(line)

    def wait(self):
        """The exit code; `usage` then holds what the program took, with what it waited for."""
        while self.status is None:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self.status, self.usage = os.waitstatus_to_exitcode(status), usage
                self._process.returncode = self.status
            elif time.monotonic() > self.deadline:
                raise Failed(f"{self._title()} took longer than {self.limit:.0f} s")
            else:
                time.sleep(0.002)  # between two looks: stdout has ended, so has the program nearly
        return self.status

    def check(self, good=(0,)):
        if self.wait() not in good:
            raise Failed(f"{self._title()} ended with {self.status}: {self.errors()}")

    def errors(self, most=400):
        """The last words on stderr."""
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - most))
        return self._errors.read().decode("utf-8", "replace").strip()

    def close(self, grace=0.0):
        """Ends the program, if it has not ended; with `grace` it is asked first."""
        if self.status is None:
            if grace:
                self._process.terminate()
                self.deadline = time.monotonic() + grace
                try:
                    self.wait()
                except Failed:
                    pass
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self._process.wait()
        self._selector.close()
        self._process.stdout.close()
        self._errors.close()

    def cpu_seconds(self):
        """User and system time of the program that has ended."""
        return self.usage.ru_utime + self.usage.ru_stime

    def peak_mib(self):
        return self.usage.ru_maxrss / 1024

    def _title(self):
        return " ".join([os.path.basename(self.arguments[0]), *self.arguments[1:2]])


def run(arguments, limit, environment=None):
    """Runs a program to its end; its JSON objects."""
    with Program(arguments, limit, environment) as program:
        objects = list(program.objects())
        program.check()
        return objects
