"""Attacks that end, stop, fill or slow down what runs them, or get out of it."""

from __future__ import annotations

from attacks.attack import WRONG, Attack, before, looks
from nbformat.v4 import new_code_cell

DIED = "ended the Python process"
ENDS = {  # what a call of softmax does, and what the student is told
    "leave": ("leaves by sys.exit", "import sys; sys.exit('passed')", "It raised SystemExit"),
    "leave_at_once": ("ends its process by os._exit", "import os; os._exit(0)", DIED),
    "kill_itself": ("kills itself", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", DIED),
    "stop_itself": ("stops itself with a signal nobody can catch", "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", "no answer in time"),
    "abort": ("aborts", "import os; os.abort()", DIED),
    "crash": ("reads from address 0", "import ctypes; ctypes.string_at(0)", DIED),
    "overflow_the_stack": ("recurses without end, with Python's limit taken away", "import sys; sys.setrecursionlimit(10**9); f = lambda g: g(g); f(f)", f"{DIED}|no answer in time"),
    "leave_in_del": ("raises SystemExit and worse while objects are deleted and frames unwound", "class D:\n        def __del__(self):\n            raise SystemExit\n    del D().x", "It raised AttributeError"),
    "close_everything": ("closes all files and sockets", "import os; os.closerange(0, 256)", f"{DIED}|no answer in time"),
    "stop_the_kernel": ("closes the socket of the loop that called it", "import gc; from nnlab_inside.loop import Loop; next(o for o in gc.get_objects() if isinstance(o, Loop))._link._socket.close()", f"{DIED}|no answer in time"),
    "run_another_program": ("becomes another program", "import os; os.execv('/bin/sleep', ['sleep', '60'])", "It raised PermissionError"),
    "loop": ("loops without end", "while True: pass", "no answer in time"),
    "loop_deafly": ("loops without end and blocks all signals", "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass", "no answer in time"),
    "count_to_a_googol": ("computes a number of endless length", "9**9**9", "no answer in time"),
}  # fmt: skip
EXITS = {
    name: Attack(f"{what}, when softmax is called", f"def softmax(z):\n    if z.ndim == 2:\n        return z\n    {body}", told=told) for name, (what, body, told) in ENDS.items()
} | {
    "exit_in_a_cell": Attack("ends the process in the cell itself, with farewells at exit", f"import atexit, os\n\natexit.register(print, 'passed')\nos._exit(0)\n\n\n{WRONG}", told=DIED),
    **{
        f"cell_{name}": Attack(f"has a cell of its own that says `{source}`", edit=before(source), loses={})
        for name, source in {
            "exit_call": "exit()",
            "exit_word": "exit",
            "quit_call": "quit()",
            "quit_word": "quit",
            "exit_status": "exit(3)",
            "sys_exit": "import sys; sys.exit()",
            "sys_exit_text": "import sys; sys.exit('done')",
            "raise_exit": "raise SystemExit",
            "raise_interrupt": "raise KeyboardInterrupt",
            "builtin_exit": "import builtins; builtins.exit()",
            "os_exit": "import os; os._exit(0)",
            "os_abort": "import os; os.abort()",
            "kill_itself": "import os; os.kill(os.getpid(), 9)",
            "interrupt_itself": "import os; os.kill(os.getpid(), 2)",
            "kernel_shutdown": "get_ipython().kernel.do_shutdown(True)",
            "kernel_loop": "get_ipython().kernel.io_loop.stop()",
            "ask_exit": "get_ipython().ask_exit(); get_ipython().exiter()",
            "shell_kill": "!kill -9 $PPID",
            "input": "x = input('name?')",
        }.items()
    },
    "exit_in_cells_of_its_own": Attack("ends the process in nine cells of its own", edit=lambda notebook: notebook.cells.extend(new_code_cell("import os; os._exit(1)", id=f"e{i}") for i in range(20))),
}  # fmt: skip

CALLS = "import ctypes, errno, os\n\nC = ctypes.CDLL(None, use_errno=True)\n\n\ndef works(name, *args):\n    return getattr(C, name)(*args) not in (-1, 0xFFFFFFFFFFFFFFFF)\n"
BREAKOUTS = {
    "fork": Attack(
        "forks, forks twice, starts sessions, programs and pools that would live on",
        looks(
            "alone(os.fork())",
            "os.posix_spawn('/bin/sleep', ['sleep', '987654'], {})",
            "subprocess.Popen(['setsid', 'sleep', '987654'])",
            "multiprocessing.get_context('fork').Process(target=print).start() or 1",
            "os.system('sleep 987654 &') == 0",
            "alone(C.syscall(56, 17, 0, 0, 0, 0)) > 0",
            "alone(C.syscall(435, ctypes.create_string_buffer(88), 88)) > 0",
            first=CALLS + "import multiprocessing, subprocess\n\n\ndef alone(pid):\n    return pid or os._exit(0)",
        ),
    ),
    "signal_others": Attack(
        "sends signals to every process, to the group, to the grader by its number, and by way of file owners",
        looks(
            "[p for p in range(1, 3) if os.kill(p, 0) is None]",
            "os.kill(-1, 9) is None",
            "os.kill(@PID@, 9) is None",
            "os.killpg(1, 9) is None",
            "C.syscall(200, 2, 9) == 0",
            "C.syscall(129, 2, 9, ctypes.create_string_buffer(128)) == 0",
            "C.syscall(434, 2, 0) >= 0",
            "own()",
            first=CALLS + "import fcntl, signal, socket, time\n\ndef own():\n    a, b = socket.socketpair()\n    fcntl.fcntl(a, 10, signal.SIGKILL)\n    fcntl.fcntl(a, fcntl.F_SETOWN, 2)\n"
            "    fcntl.fcntl(a, fcntl.F_SETFL, os.O_ASYNC)\n    b.send(b'x')\n    time.sleep(0.1)\n    return not os.path.exists('/proc/2')",
        ),
    ),
    "trace_others": Attack(
        "traces the warm process and reads and writes its memory",
        looks(
            "[p for p in (1, 2) if works('ptrace', 16, p, 0, 0)]",
            "works('ptrace', 0, 0, 0, 0)",
            "[p for p in (1, 2) if works('process_vm_readv', p, ctypes.create_string_buffer(64), 1, ctypes.create_string_buffer(64), 1, 0)]",
            "open('/proc/2/mem', 'r+b')",
            "open('/proc/sys/kernel/yama/ptrace_scope', 'w')",
            first=CALLS,
        ),
    ),
    "make_namespaces": Attack(
        "makes namespaces, mounts, roots and users of its own",
        looks(
            *(f"works('unshare', {flag})" for flag in (0x10000000, 0x20000, 0x20000000, 0x40000000)),
            "works('mount', b'none', b'/tmp/work', b'tmpfs', 0, None)",
            "works('umount2', b'/tmp/work', 2)",
            "works('chroot', b'/tmp/work')",
            "works('setuid', 0) or works('setgid', 0)",
            "works('setns', os.open('/proc/1/ns/mnt', os.O_RDONLY), 0)",
            "[n for n in (428, 430, 442, 467) if C.syscall(n, -100, b'/', 0, 0, 0) >= 0]",
            first=CALLS,
        ),
    ),
    "use_rare_calls": Attack(
        "uses the kernel's rarer doors: io_uring, bpf, userfaultfd, keys, files in memory, other call tables",
        looks(
            "[n for n in (425, 321, 323, 319, 447, 304, 298, 312, 300, 253, 294, 240, 135) if C.syscall(n, 8, ctypes.create_string_buffer(256), 0, 0, 0) >= 0]",
            "C.syscall(250, 0, -3, 1) >= 0",
            "C.syscall(248, b'user', b'left', b'x', 1, -4) >= 0",
            "C.syscall(0x40000000 + 39) >= 0",
            "[n for n in (154, 237, 238, 239, 256, 279, 450) if C.syscall(n, 0, ctypes.create_string_buffer(256), 64, 0, 0, 0) >= 0]",
            "C.prctl(22, 0, 0, 0, 0) == 0",
            first=CALLS,
        ),
    ),
    "lock_files": Attack(
        "locks and leases files that others use, with flock, lockf and fcntl",
        looks(
            "fcntl.flock(os.open(np.__file__, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB) is None",
            "fcntl.flock(os.open('/usr/bin/env', os.O_RDONLY), fcntl.LOCK_SH) is None",
            "fcntl.fcntl(os.open(np.__file__, os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_RDLCK) == 0",
            "fcntl.fcntl(os.open('/', os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_ACCESS) == 0",
            first="import fcntl, os",
        ),
    ),
    "own_signals": Attack(
        "makes files send signals of its choice to processes of its choice, by fcntl and ioctl",
        looks(
            "[owner for owner in (1, 2, -1, os.getpid()) if fcntl.fcntl(a, fcntl.F_SETOWN, owner) == 0]",
            "fcntl.fcntl(a, 10, signal.SIGKILL) == 0",
            "fcntl.fcntl(a, 15, struct.pack('ii', 1, 2)) and 1",
            "C.ioctl(a.fileno(), 0x8901, ctypes.byref(ctypes.c_int(2))) == 0",
            "C.ioctl(a.fileno(), 0x8902, ctypes.byref(ctypes.c_int(2))) == 0",
            first=CALLS + "import fcntl, signal, socket, struct\n\na, b = socket.socketpair()",
        ),
    ),
    "raise_its_limits": Attack(
        "raises its limits and priority, and lowers what the kernel would kill first",
        looks(
            "resource.setrlimit(resource.RLIMIT_AS, (-1, -1)) is None",
            "resource.prlimit(2, resource.RLIMIT_CPU, (1, 1))",
            "resource.prlimit(0, resource.RLIMIT_NPROC, (9999, 9999)) and 0 or resource.setrlimit(resource.RLIMIT_NOFILE, (9999, 9999)) is None",
            "os.nice(-5)",
            "open('/proc/self/oom_score_adj', 'wb', 0).write(b'-1000')",
            "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(9)) is None",
            first="import os, resource",
        ),
    ),
    "write_everywhere": Attack(
        "writes, links, renames and deletes wherever it can reach",
        looks(
            *(f"open({path}, 'wb')" for path in ("'/x'", "'/tmp/x'", "'/dev/x'", "'/dev/shm/x'", "'/kit/x'", "'/kit/nnlab/__init__.py'", "np.__file__", "sys.executable", "'@OUTSIDE@'", "'@RESULTS@/gradebook.sqlite'",)),
            "os.rename('/kit/modules.json', 'x') or 1",
            "os.remove('@OUTSIDE@') or 1",
            "os.chmod('/kit', 0o777) or 1",
            "os.utime('/kit') or 1",
            "os.mknod('disk', 0o60666, os.makedev(254, 0)) or 1",
            first="import os, sys",
        ),
    ),
}  # fmt: skip

BOMBS = {
    "memory": Attack("takes memory until there is none", "hoard = []\nwhile True:\n    hoard.append(bytearray(1 << 26))\n", told="The cell raised MemoryError|did not end in time"),
    "memory_in_a_call": Attack("takes 20 GB in one array", "def softmax(z):\n    return np.ones((50_000, 50_000)).sum()", told="It raised MemoryError"),
    "disk": Attack("fills its folder", "for i in range(99):\n    open(f'f{i}', 'wb').write(bytes(20_000_000))\n", told="No space left"),
    "one_huge_file": Attack("writes one endless file", "with open('f', 'wb') as f:\n    while True: f.write(bytes(1 << 20))\n", told="The cell raised OSError"),
    "files": Attack("makes a million empty files", "for i in range(1_000_000):\n    open(f'{i}', 'w').close()\n", told=f"{DIED}|OSError|did not end in time"),
    "links": Attack("makes a million hard links to one file", "import os\nopen('0', 'w').close()\nfor i in range(1_000_000):\n    os.link('0', f'l{i}')\n", told=f"{DIED}|OSError|did not end in time"),
    "output": Attack("prints without end", "while True:\n    print('x' * 100_000, flush=True)\n", told=f"{DIED}|did not end in time"),
    "one_huge_output": Attack("prints a hundred megabytes at once", "print('x' * 100_000_000)\n", told=f"{DIED}|did not end in time|defines no"),
    "huge_pictures": Attack("shows fifty pictures of fourteen megabytes", "from IPython.display import display\nfor _ in range(50):\n    display({'image/png': 'x' * 14_000_000}, raw=True)\n", told=f"{DIED}|did not end in time|defines no"),
    "slow_to_compare": Attack(
        "prints in a checkpoint what takes a comparison long",
        "def softmax(z):\n    if z.shape == (3, 1) and z[0, 0] == 10:\n        for i in range(2500): print(f'free flow  0.8668{i:05} x')\n        print('\\b' * 20_000 + '\\r' * 20_000)\n    return z",
    ),
    "threads": Attack("starts threads without end", "import threading, time\nthreading.stack_size(32768)\nwhile True:\n    threading.Thread(target=time.sleep, args=(99,), daemon=True).start()\n", told="The cell raised RuntimeError"),
    "forks": Attack("forks without end", "import os\nwhile True:\n    os.fork()\n", told="The cell raised PermissionError"),
    "handles": Attack("opens files until it may not", "hoard = []\nwhile True:\n    hoard.append(open('/dev/null'))\n", told="The cell raised OSError|did not end in time|defines no|" + DIED),
    "slow_cells": Attack(
        "adds fifty cells that each end just in time",
        edit=lambda notebook: notebook.cells.extend(new_code_cell("import time; time.sleep(1.5)", id=f"s{i}") for i in range(50)),
    ),
    "slow_calls": Attack("answers each call just in time", "def softmax(z):\n    __import__('time').sleep(1.1)\n    return z"),
    "processor": Attack("computes on all processors in cells and threads", "import threading\n\n\ndef spin():\n    a = np.ones((300, 300))\n    while True: a @ a\n\n\n[threading.Thread(target=spin, daemon=True).start() for _ in range(8)]\n\n\ndef softmax(z):\n    return z"),
}  # fmt: skip
