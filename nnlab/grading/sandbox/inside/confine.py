"""The second wall, inside the sandbox: what Linux itself refuses the student's process from here on.

seccomp: no new process, no signal to others, no socket, no mount, nothing that outlives the process: killing it ends a submission.
Landlock: no writing outside the submission's own folder. Neither needs a right that an ordinary user lacks, and neither can be undone.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SCOPED = 6  # the first version of Landlock that keeps signals in

NUMBERS = """
fork 57 -              vfork 58 -               clone 56 220              clone3 435 435            execve 59 221
execveat 322 281       kill 62 129              tkill 200 130             tgkill 234 131            rt_sigqueueinfo 129 138
rt_tgsigqueueinfo 297 240                       pidfd_open 434 434        pidfd_send_signal 424 424 pidfd_getfd 438 438
ptrace 101 117         process_vm_readv 310 270 process_vm_writev 311 271 process_madvise 440 440   kcmp 312 272
unshare 272 97         setns 308 268            mount 165 40              umount2 166 39            pivot_root 155 41
chroot 161 51          move_mount 429 429       open_tree 428 428         fsopen 430 430            fsmount 432 432
fspick 433 433         fsconfig 431 431         mount_setattr 442 442     keyctl 250 219            add_key 248 217
request_key 249 218    bpf 321 280              perf_event_open 298 241   userfaultfd 323 282       io_uring_setup 425 425
io_uring_enter 426 426 io_uring_register 427 427 socket 41 198            shmget 29 194             semget 64 190
msgget 68 186          mq_open 240 180          prlimit64 302 261         sched_setscheduler 144 119 sched_setparam 142 118
sched_setattr 314 274  sched_setaffinity 203 122 setpriority 141 140      ioprio_set 251 30         personality 135 92
memfd_create 319 279   memfd_secret 447 447     name_to_handle_at 303 264 open_by_handle_at 304 265 fanotify_init 300 262
inotify_init 253 -     inotify_init1 294 26     migrate_pages 256 238     move_pages 279 239        seccomp 317 277
syslog 103 116
flock 73 32             modify_ldt 154 -         mbind 237 235           set_mempolicy 238 237    get_mempolicy 239 236
set_mempolicy_home_node 450 450                 fcntl 72 25             ioctl 16 29
"""
ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}  # as audit knows them; column of NUMBERS
SAFE_WITH = ("clone", "kill", "tgkill", "prlimit64", "sched_setscheduler", "sched_setaffinity", "clone3", "seccomp")  # some arguments are
OWNERS = (8, 10, 15)  # what fcntl is asked for: F_SETOWN, F_SETSIG and F_SETOWN_EX send signals to anybody
LEASES = (1024, 1026)  # F_SETLEASE, which stops whoever opens the file, and F_NOTIFY
IOCTLS = (0x8901, 0x8902, 0x5412)  # FIOSETOWN and SIOCSPGRP, which do as F_SETOWN; TIOCSTI, which types for others

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # instructions of the classic packet filter
CALL, ARCHITECTURE, ARGUMENT = 0, 4, 16  # offsets in what the filter sees
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
THREAD = 0x00010000  # clone's flag for a thread
UNKNOWN = 453  # calls from here on are newer than the table, or of another binary interface: programs do without them

RUN, WRITE, READ, LIST = 1, 2, 4, 8  # rights of Landlock
OF_ALL = ("cpuinfo", "meminfo", "stat", "uptime", "loadavg", "version", "filesystems", "vmstat", "sys")  # in /proc
OF_ITSELF = ("cmdline", "comm", "environ", "io", "limits", "maps", "mem", "smaps", "smaps_rollup", "stat", "statm", "status")

Instruction = tuple[int, int, int, int]


def filter_of(pid: int) -> bytes:
    """Return the seccomp program for a process.

    Parameters
    ----------
    pid : int
        The process; it may send signals to itself and change its own limits, and no other's.

    Raises
    ------
    OSError
        If the machine's processor is none that the table of call numbers covers.
    """
    numbers = call_numbers()
    architecture = ARCHITECTURES[platform.machine()][0]
    itself, group = pid, -pid & 0xFFFFFFFF
    program: list[Instruction] = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, CALL),
        *_refused_if(AT_LEAST, UNKNOWN, errno.ENOSYS),
    ]
    for name, refused in (("fcntl", (*OWNERS, *LEASES)), ("ioctl", IOCTLS)):
        program += _refused_with(numbers[name], 1, refused)
    for name in numbers.keys() - {*SAFE_WITH, "fcntl", "ioctl"}:
        program += _refused_if(EQUAL, numbers[name], errno.EPERM)
    program += _refused_if(EQUAL, numbers["clone3"], errno.ENOSYS)  # its flags lie in memory, where a filter cannot look: use clone
    program += _allowed_with(numbers["clone"], 0, [(ANY_BIT, THREAD)])
    for name, argument, values in (
        ("kill", 0, (itself, group, 0)),
        ("tgkill", 0, (itself,)),
        ("prlimit64", 0, (itself, 0)),
        ("sched_setaffinity", 0, (itself, 0)),
        ("sched_setscheduler", 1, (0,)),  # the ordinary policy, which libraries set for their threads
    ):
        program += _allowed_with(numbers[name], argument, [(EQUAL, value) for value in values])
    program.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)


def call_numbers() -> dict[str, int]:
    """Return the numbers of the calls in question on this processor."""
    if platform.machine() not in ARCHITECTURES:
        raise OSError(errno.ENOSYS, f"no table of system calls for {platform.machine()}")
    column = ARCHITECTURES[platform.machine()][1]
    words = NUMBERS.split()
    rows = zip(words[::3], words[1::3], words[2::3], strict=True)
    return {name: int(row[column]) for name, *row in rows if row[column] != "-"}


def _refused_if(test: int, value: int, error: int) -> list[Instruction]:
    return [(test, 0, 1, value), (RETURN, 0, 0, REFUSE | error)]


def _allowed_with(number: int, argument: int, tests: list[tuple[int, int]]) -> list[Instruction]:
    """Allow a call only where the low half of an argument passes one of the tests."""
    body: list[Instruction] = [(LOAD, 0, 0, ARGUMENT + 8 * argument)]
    body += [(test, len(tests) - i, 0, value) for i, (test, value) in enumerate(tests)]
    body += [(RETURN, 0, 0, REFUSE | errno.EPERM), (RETURN, 0, 0, ALLOW)]
    return [(EQUAL, 0, len(body), number), *body]


def _refused_with(number: int, argument: int, values: tuple[int, ...]) -> list[Instruction]:
    """Refuse a call only where the low half of an argument is one of the values."""
    body: list[Instruction] = [(LOAD, 0, 0, ARGUMENT + 8 * argument)]
    body += [each for value in values for each in _refused_if(EQUAL, value, errno.EPERM)]
    return [(EQUAL, 0, len(body) + 1, number), *body, (LOAD, 0, 0, CALL)]


def refuse_calls() -> None:
    """Load the filter into every thread of this process.

    Raises
    ------
    OSError
        If Linux has no seccomp here.
    """
    program = filter_of(os.getpid())
    _call(_libc().prctl, 38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    argument = _Program(len(program) // 8, program)
    thread = _call(_libc().syscall, call_numbers()["seccomp"], 1, 1, ctypes.byref(argument))  # a filter, for all threads
    if thread:
        raise OSError(errno.EAGAIN, f"thread {thread} did not take the filter")


def landlock_version() -> int:
    """Return the version of Landlock that Linux has here, 0 where there is none."""
    return max(0, int(_libc().syscall(444, None, ctypes.c_size_t(0), ctypes.c_uint32(1))))


def keep_to(folder: Path) -> int:
    """Let this process write nowhere but in a folder, connect to nothing, and read all but what tells of mounts and other processes.

    Returns
    -------
    int
        The version of Landlock, 0 where there is none.
    """
    version = landlock_version()
    if not version:
        return 0
    everything = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    network, scope = (3 if version >= 4 else 0), (3 if version >= SCOPED else 0)
    rules = _Rules(everything, network, scope)
    size = ctypes.c_size_t(8 if version < 4 else 16 if version < 6 else 24)
    ruleset = _call(_libc().syscall, 444, ctypes.byref(rules), size, ctypes.c_uint32(0))
    for path, access in (*_readable(), (folder, everything)):
        with contextlib.suppress(OSError):  # what is not there needs no rule
            _allow(ruleset, path, access & everything)
    _call(_libc().prctl, 38, 1, 0, 0, 0)
    _call(_libc().syscall, 446, ruleset, ctypes.c_uint32(0))
    os.close(ruleset)
    return version


def _readable() -> Iterator[tuple[Path, int]]:
    """Yield what may be read besides one's own folder, and how: Landlock knows no exceptions, so /proc is named file by file."""
    yield Path("/"), LIST
    for path in Path("/").iterdir():
        if path.name != "proc" and path.is_dir():
            yield path, RUN | READ | LIST
    yield from ((Path("/dev", name), READ | WRITE) for name in ("null", "zero", "urandom"))
    yield from ((Path("/proc", name), READ) for name in OF_ALL)
    yield from ((Path("/proc", str(os.getpid()), name), READ) for name in OF_ITSELF)


def _allow(ruleset: int, path: Path, access: int) -> None:
    handle = os.open(path, os.O_PATH)
    try:
        _call(_libc().syscall, 445, ruleset, 1, ctypes.byref(_Below(access, handle)), ctypes.c_uint32(0))
    finally:
        os.close(handle)


def die_first() -> None:
    """Where the machine runs out of memory, let Linux end this process before any other."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def hide(hidden: bool) -> None:
    """Keep other processes of the same user from reading this one's memory, or let them again."""
    _call(_libc().prctl, 4, int(not hidden), 0, 0, 0)  # PR_SET_DUMPABLE


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


class _Rules(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scope", ctypes.c_uint64))


class _Below(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("folder", ctypes.c_int32))


def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def _call(function: Any, *args: Any) -> int:
    """Call the C library with whole words, and raise what it reports."""
    result = int(function(*(ctypes.c_ulong(arg) if isinstance(arg, int) else arg for arg in args)))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
