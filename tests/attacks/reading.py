"""Attacks that look for what is hidden, and leave or look for traces. Each is right only if it finds something."""

from __future__ import annotations

from attacks.attack import Attack, looks

SEEK = """import glob, os, re, sys

def seek(*paths):
    for path in paths:
        for each in glob.glob(path):
            try:
                if found := re.findall('CANA' 'RY-.*', open(each, errors='replace').read(10_000_000)):
                    return found
            except OSError:
                pass
"""
PROCESSES = "[p for p in os.listdir('/proc') if p.isdigit() and int(p) != os.getpid()]"

HIDDEN = {
    "open_hidden_tests": Attack(
        "opens the hidden tests and solutions by their paths",
        looks(
            "seek('@COURSE@/tests/hidden/*', '@COURSE@/solutions/*', '../../tests/hidden/*', '/*/*/tests/hidden/*')",
            "os.listdir('@COURSE@')",
            "os.listdir('@ROOT@/tests')",
            "open('@ROOT@/nnlab/activations.py').read()",
            first=SEEK,
        ),
        told="It raised AssertionError",
    ),
    "follow_links_out": Attack(
        "makes links and walks through /proc/self/root, /proc/self/cwd and directory handles to get out",
        looks(
            "os.symlink('@COURSE@/tests', 'tests') or seek('tests/hidden/*')",
            "seek('/proc/self/root/@COURSE@/tests/hidden/*', '/proc/1/root/@COURSE@/tests/hidden/*')",
            "os.chdir('/proc/self/cwd/../../../../../..@COURSE@')",
            "[fd for fd in map(int, os.listdir('/proc/self/fd')) if os.path.isdir(f'/proc/self/fd/{fd}') and os.open('..', os.O_RDONLY, dir_fd=fd)]",
            "os.link('@COURSE@/tests/hidden/test_03_forward_propagation.py', 'mine.py') or 1",
            first=SEEK,
        ),
    ),
    "search_frames_and_gc": Attack(
        "walks all frames, objects of the garbage collector and modules for the tests or the grader",
        looks(
            "[o for o in gc.get_objects() if str(getattr(o, '__module__', '')).startswith(('nnlab.grading', 'nnlab.checks._', 'test_', '_pytest')) and o.__module__ != 'nnlab.checks._checkpoint']",
            "[name for name in sys.modules if name.startswith(('pytest', 'nbval', 'nnlab.grading', 'test_'))]",
            "[f for f in sys._current_frames().values() if any('hidden' in g.f_code.co_filename for g in back(f))]",
            first="import gc, sys\n\ndef back(frame):\n    while frame:\n        yield frame\n        frame = frame.f_back",
        ),
    ),
    "read_other_processes": Attack(
        "reads environment, memory, open files and folders of every other process it sees",
        looks(
            *(f"[open(f'/proc/{{p}}/{file}', 'rb').read(1) for p in {PROCESSES}]" for file in ("environ", "mem", "maps")),
            *(f"[os.listdir(f'/proc/{{p}}/{file}') for p in {PROCESSES}]" for file in ("root", "cwd", "map_files")),
            f"[open(f'/proc/{{p}}/fd/{{fd}}', 'rb') for p in {PROCESSES} for fd in range(9)]",
            f"len({PROCESSES}) > 2",
            first=SEEK,
        ),
    ),
    "read_own_memory": Attack(
        "searches its whole memory, a copy of the warm process's, for something secret",
        looks(
            "[match for low, high in areas() for match in re.findall(b'CANA' b'RY-[0-9a-f]+', read(low, high - low))]",
            first="import re\n\ndef areas():\n    for line in open('/proc/self/maps'):\n        if ' rw' in line and 'stack' not in line:\n            yield [int(n, 16) for n in line.split()[0].split('-')]\n\n"
            "def read(start, length):\n    with open('/proc/self/mem', 'rb', 0) as file:\n        file.seek(start)\n        try:\n            return file.read(min(length, 1 << 27))\n        except OSError:\n            return b''",
        ),
    ),
    "read_environment": Attack(
        "reads environment variables, its own and those it started with, and command lines",
        looks(
            "[v for v in os.environ.values() if 'CANA' 'RY-' in v]",
            "seek('/proc/*/environ', '/proc/*/cmdline', '/proc/self/task/*/environ')",
            "set(os.environ) & {'USER', 'LOGNAME', 'SUDO_USER', 'SSH_AUTH_SOCK', 'VIRTUAL_ENV', 'NNLAB_CANARY'}",
            first=SEEK,
        ),
    ),
    "read_messages_and_history": Attack(
        "reads the requests, IPython's history and the kernel's own objects for tests or the grader's name",
        looks(
            "[each for each in list(In) + list(Out) if 'student.' in str(each)]",
            "list(get_ipython().history_manager.get_tail(100, include_latest=True))",
            "[each for each in __import__('gc').get_objects() if type(each).__name__ == 'Frame' and 'CANA' 'RY-' in str(each)]",
            "[each for each in get_ipython().user_ns if 'hidden' in each or 'expected' in each]",
        ),
    ),
    "read_inherited_handles": Attack(
        "reads and writes every file, pipe and socket that was open when it started",
        looks(
            "[found for fd in range(256) if (found := seek(f'/proc/self/fd/{fd}'))]",
            "[os.readlink(f'/proc/self/fd/{fd}') for fd in os.listdir('/proc/self/fd') if not os.readlink(f'/proc/self/fd/{fd}').startswith(('/proc', '/usr', sys.prefix, sys.base_prefix, '/dev/null', 'anon', 'pipe', 'socket'))]",
            "[fd for fd in range(3, 256) if writable(fd)]",
            first=SEEK
            + "\ndef writable(fd):\n    try:\n        return os.path.isfile(f'/proc/self/fd/{fd}') and os.write(fd, b'x')\n    except OSError:\n        pass\n",
        ),
    ),
    "read_the_mounts": Attack(
        "reads from the list of mounts where the course, the kit and the instructor's folders lie",
        looks(
            *(
                f"open('{path}').read()"
                for path in (
                    "/proc/self/mountinfo",
                    "/proc/self/mounts",
                    "/proc/mounts",
                    "/proc/self/mountstats",
                    "/proc/thread-self/mountinfo",
                    "/proc/1/mountinfo",
                )
            ),
            "[open(f'/proc/self/task/{task}/mountinfo').read() for task in os.listdir('/proc/self/task')]",
            "[n for n in (457, 458) if ctypes.CDLL(None).syscall(n, ctypes.create_string_buffer(64), ctypes.create_string_buffer(4096), 4096, 0) >= 0]",
            first="import ctypes, os",
        ),
    ),
    "read_other_students": Attack(
        "opens the submissions of others",
        looks("seek('@SUBMISSIONS@/*', '@SUBMISSIONS@/*/*', '/tmp/*/*.ipynb')", "os.listdir('@SUBMISSIONS@')", first=SEEK),
    ),
    "open_gradebook": Attack(
        "opens the gradebook, to read it and to write its own mark",
        looks(
            "sqlite3.connect('file:@RESULTS@/gradebook.sqlite?mode=rw', uri=True).execute('UPDATE submissions SET earned = 100') or 1",
            "os.listdir('@RESULTS@')",
            "open('@RESULTS@/marks.csv', 'a').write('open_gradebook,,100')",
            first="import os, sqlite3",
        ),
    ),
    "read_the_machine": Attack(
        "reads accounts, keys and histories of the machine",
        looks(
            "open('/etc/passwd').read() + open('/etc/hostname').read()",
            "open('/etc/shadow').read()",
            "glob.glob('/home/*') + glob.glob('/root/.[a-oq-z]*') + glob.glob('/var/*') + glob.glob('/run/*') + glob.glob('/mnt/*')",
            "ctypes.CDLL(None).klogctl(3, ctypes.create_string_buffer(4096), 4096) > 0",
            "open('/proc/kmsg').read(1)",
            "any(int(line.split()[0], 16) for line in open('/proc/kallsyms'))",
            first="import ctypes, glob",
        ),
    ),
    "use_the_network": Attack(
        "opens sockets of every kind, to the network, to the machine and to the kernel's own sockets",
        looks(
            "socket.create_connection(('192.0.2.1', 80), timeout=1)",
            "socket.create_server(('127.0.0.1', 0))",
            "socket.getaddrinfo('example.org', 80)",
            "socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)",
            "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)",
            "glob.glob('/tmp/nnlab-kernel-*')",
            first="import glob, socket",
        ),
    ),
}

REFERENCE = {
    "import_the_reference": Attack(
        "imports our own softmax: plainly, by importlib, by runpy, reloaded, from a pickle",
        looks(
            "importlib.import_module('nnlab.activations').softmax",
            "importlib.reload(sys.modules.pop('nnlab')).activations.softmax",
            "runpy.run_module('nnlab.forward_propagation')['softmax']",
            "pickle.loads(b'cnnlab.activations\\nsoftmax\\n.')",
            "importlib.import_module('nnlab.demos')",
            "importlib.import_module('nnlab.grading')",
            first="import importlib, pickle, runpy, sys",
        ),
    ),
    "read_the_reference": Attack(
        "takes softmax out of the text of another module of ours that computes it too",
        looks(
            "[path for path in glob.glob('/kit/**/*.py', recursive=True) if re.search(r'def \\w*softmax', open(path).read())]",
            first="import glob, re",
        ),
    ),
    "find_an_installed_copy": Attack(
        "searches this Python for an installed nnlab, its byte code or where its source lies",
        looks(
            "[path for base in {sys.prefix, sys.base_prefix, *sys.path} for path in glob.glob(f'{base}/**/nnlab*/**/activations*.py*', recursive=True) if 'Withheld' not in open(path).read()]",
            "glob.glob('/kit/**/__pycache__', recursive=True)",
            "[path for path in metadata.files('nnlab') if path.name == 'activations.py' and path.locate().exists()]",
            "os.listdir(json.loads(metadata.distribution('nnlab').read_text('direct_url.json'))['url'].removeprefix('file://') + '/nnlab')",
            first="import glob, json, os, sys\nfrom importlib import metadata",
        ),
    ),
}

# One after the other in one sandbox: each looks for what those before it left, and then leaves something itself.
LOOK = looks(
    "set(os.listdir(home)) - {'.ipython', '.matplotlib'} or os.listdir('.ipython/profile_default/startup')[1:]",
    "os.listxattr(home)",
    "os.stat(home).st_mode & 0o7777 != 0o700",
    "os.stat(home).st_mtime == 12345 or os.stat(home).st_atime == 12345",
    "os.statvfs(home).f_bfree < os.statvfs(home).f_blocks - 99",
    "[name for name in ('LEFT', 'PYTHONSTARTUP', 'LD_PRELOAD') if name in os.environ]",
    "getattr(np, 'left', None) or getattr(sys, 'left', None) or np.cbrt(0.0)",
    "[fd for fd in range(256) if os.path.isfile(f'/proc/self/fd/{fd}') and os.lseek(fd, 0, 1) == 12345]",
    "[fd for fd in range(256) if os.path.isfile(f'/proc/self/fd/{fd}') and fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_NONBLOCK]",
    "os.umask(0o22) != 0o22",
    "ctypes.CDLL(None).shmget(4711, 8, 0) >= 0",
    "os.path.exists('/dev/shm/left') or os.path.exists('/dev/mqueue/left')",
    "[line for line in open('/proc/self/maps') if line.split()[1] == 'rw-s']",
    first="import ctypes, fcntl, os, sys\n\nhome = os.path.expanduser('~')\n",
)
TRACES = {
    "files": ("files, start-up scripts and modules", "os.makedirs('.ipython/profile_default/startup'); open('numpy.py', 'w').write('x'); open('.ipython/profile_default/startup/a.py', 'w').write('loot = [1]')"),
    "locked_folders": ("folders without any rights, and a folder of its own without them", "os.makedirs('a/b'); open('a/b/c', 'w').close(); os.chmod('a/b', 0); os.chmod('a', 0); os.chmod(home, 0)"),
    "deep_folders": ("folders in folders, three thousand deep", "for _ in range(3000):\n    os.mkdir('d')\n    os.chdir('d')"),
    "attributes": ("attributes, access lists and times on its folder", "os.setxattr(home, 'user.left', b'1')\nos.utime(home, (12345, 12345))"),
    "names_and_links": ("names that are no text, links to elsewhere, a pipe", "open(b'\\xff\\xfe', 'w').close(); os.symlink('/', 'l'); os.link('/kit/modules.json', 'h') if os.access('/kit', os.W_OK) else None; os.mkfifo('p')"),
    "open_files": ("the places in files that the warm process has open", "for fd in range(3, 256):\n    if os.path.isfile(f'/proc/self/fd/{fd}'):\n        os.lseek(fd, 12345, 0)\n        fcntl.fcntl(fd, fcntl.F_SETFL, os.O_NONBLOCK)"),
    "modules": ("patched modules, environment and signal handlers", "np.left = sys.left = True; np.cbrt = lambda x: 1; os.environ['LEFT'] = '1'; os.umask(0o77)"),
    "shared_memory": ("shared memory, semaphores and a full disk", "ctypes.CDLL(None).shmget(4711, 8, 0o1600)\nctypes.CDLL(None).shm_open(b'/left', 0o102, 0o600)\nopen('full', 'wb').write(bytes(60_000_000))"),
}  # fmt: skip
STATE = {
    f"leave_{name}": Attack(f"leaves {what} for the next student, and looks for what others left", f"{LOOK}\n\n{leave}")
    for name, (what, leave) in TRACES.items()
}
