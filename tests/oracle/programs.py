"""Running the programs under test: where they are, which kernels they have,
how a difference is shown.  Used by the drivers beside it."""
import os
import shutil
import subprocess
import sys
import tempfile

BIN = os.path.abspath(os.environ.get("BIN", "build/bin"))
PROCESSES = min(2, os.cpu_count() or 1)


class Differs(Exception):
    """A result is not what it must be; the text says how to see it again."""


def start(argv, stdin=b"", kernel=None):
    """A finished program, whatever its status."""
    env = dict(os.environ)
    if kernel:
        env["PENSTOCK_KERNEL"] = kernel
    return subprocess.run([os.path.join(BIN, argv[0]), *argv[1:]], input=stdin,
                          capture_output=True, env=env, check=False)


def run(argv, stdin=b"", kernel=None, status=0):
    """stdout of a program; Differs when it ends otherwise than ${status}."""
    done = start(argv, stdin, kernel)
    if done.returncode != status:
        raise Differs(f"{' '.join(map(str, argv))}: status {done.returncode}: "
                      + done.stderr[-400:].decode(errors="replace"))
    return done.stdout


def kernels():
    """Those that this machine can run, and those that it cannot: the program
    refuses them with status 2.  Any other failure is one."""
    here, missing = [], []
    for name in "portable", "avx2", "avx512":
        if name == "avx512" and os.environ.get("PENSTOCK_CHECK") == "valgrind":
            missing.append(name)  # valgrind 3.19 does not know it
            continue
        status = start(["discover-attrs"], kernel=name).returncode
        if status not in (0, 2):
            sys.exit(f"discover-attrs, kernel {name}: status {status}")
        (missing if status else here).append(name)
    return here, missing


def same(want, got, what):
    """Raises Differs with the first line that is not the same."""
    if want == got:
        return
    wanted, gotten = want.split(b"\n"), got.split(b"\n")
    at = next((i for i, pair in enumerate(zip(wanted, gotten))
               if pair[0] != pair[1]), min(len(wanted), len(gotten)))
    lines = [side[at] if at < len(side) else b"" for side in (wanted, gotten)]
    near = next((i for i, pair in enumerate(zip(*lines)) if pair[0] != pair[1]),
                min(map(len, lines)))
    shown = [f"  {name} {line[:100]!r} ... "
             f"{line[max(0, near - 60):near + 100]!r}"
             for name, line in zip(("want", "got "), lines)]
    raise Differs("\n".join(
        [f"{what}: line {at + 1}, near column {near + 1}:"] + shown))


def in_folder(work, seed, keep):
    """Runs work(seed) in a folder of its own.  None, or the failure's text;
    then the folder stays, in ${keep}."""
    folder = tempfile.mkdtemp(prefix=f"seed{seed}.", dir=keep)
    before = os.getcwd()
    os.chdir(folder)
    try:
        work(seed)
    except Differs as why:
        return f"seed {seed}, files in {folder}:\n{why}"
    finally:
        os.chdir(before)
    shutil.rmtree(folder)
    return None


def rounds(work, seeds, name):
    """work(seed) for all seeds on some processes; the exit status."""
    import functools
    import multiprocessing
    keep = tempfile.mkdtemp(prefix="oracle.")
    done = failed = 0
    with multiprocessing.Pool(PROCESSES) as pool:
        for why in pool.imap_unordered(
                functools.partial(in_folder, work, keep=keep), seeds):
            done += 1
            if why:
                failed += 1
                print(why, flush=True)
            if failed == int(os.environ.get("MAX_FAILED", 5)):
                pool.terminate()
                break
    if not failed:
        shutil.rmtree(keep)
    print(f"{'FAILED' if failed else 'ok'} {name}: {done} rounds, "
          f"{failed} failed")
    return 1 if failed else 0
