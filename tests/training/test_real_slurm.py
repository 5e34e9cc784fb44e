#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs as jobs of Slurm itself: a cluster of this one machine, made for the test (Debian's slurm-wlm and munge, as root).

test_real_slurm.py ENGINE GOLDEN: bandscope-engine, and tests/fixtures/golden.
"""
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.dont_write_bytecode = True
ENGINE, GOLDEN = (pathlib.Path(word).resolve() for word in sys.argv[1:3]) if len(sys.argv) > 2 else (None, None)
PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol"]
PATIENCE = 90  # seconds; the queue asks Slurm every ten
RUNNING, DONE, STOPPED = 1, 3, 5  # RunState


def until(what, found, patience=PATIENCE):
    """What `found` returns once that is true."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(0.25)
    raise AssertionError(f"not within {patience} s: {what}")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Cluster:
    """munged, slurmctld and slurmd of a folder, beside whatever Slurm the machine has."""

    def __init__(self, folder):
        self.folder, self.node, self.daemons = folder, socket.gethostname().split(".")[0], []
        key = folder / "munge.key"
        key.write_bytes(secrets.token_bytes(128))
        key.chmod(0o600)
        conf = folder / "slurm.conf"
        conf.write_text(f"""ClusterName=test
SlurmctldHost={self.node}(127.0.0.1)
SlurmctldPort={free_port()}
SlurmdPort={free_port()}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/ctld
SlurmdSpoolDir={folder}/d
SlurmctldPidFile={folder}/ctld.pid
SlurmdPidFile={folder}/d.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
NodeName={self.node} NodeAddr=127.0.0.1 CPUs={os.cpu_count()} State=UNKNOWN
PartitionName=all Nodes={self.node} Default=YES MaxTime=INFINITE State=UP
""")
        for name in ("ctld", "d"):
            (folder / name).mkdir()
        os.environ["SLURM_CONF"] = str(conf)

    def start(self):
        here = self.folder
        self.run("munged", "--foreground", "--force", f"--key-file={here}/munge.key", f"--socket={here}/munge.socket",
                 f"--pid-file={here}/munge.pid", f"--seed-file={here}/munge.seed", f"--log-file={here}/munge.log")
        until("munge's socket", (here / "munge.socket").exists, 20)
        self.run("slurmctld", "-D")
        self.run("slurmd", "-D")
        until("an idle node", lambda: "idle" in self.told("sinfo", "--noheader", "--format=%T"), 60)

    def run(self, *command):
        with open(self.folder / f"{command[0]}.out", "wb") as out:
            self.daemons.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out))

    @staticmethod
    def told(*command):
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    def stop(self):
        subprocess.run(["scancel", "--user=root"], capture_output=True, check=False)
        try:
            until("the end of all jobs", lambda: not self.told("squeue", "--noheader"), 40)
        except AssertionError as still:
            print(still, file=sys.stderr)
        for daemon in reversed(self.daemons):
            daemon.send_signal(signal.SIGTERM)
            try:
                daemon.wait(20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()


class Far:
    """The far end of a window, as PROTOCOL.md has it."""

    def __init__(self, runs, config):
        command = [ENGINE, "serve", "--stdio", "--slurm", "--runs", runs, "--data", GOLDEN, "--models", GOLDEN / "models"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, "XDG_CONFIG_HOME": str(config), "OMP_NUM_THREADS": "1"})
        self.answers, self.hello = {}, None
        threading.Thread(target=self.read, daemon=True).start()
        until("the hello", lambda: self.hello, 60)

    def read(self):
        for line in self.process.stdout:
            message = json.loads(line)
            if "bandscope" in message:
                self.hello = message
            elif "id" in message:
                self.answers[message["id"]] = message

    def ask(self, request, **fields):
        number = len(self.answers) + 1
        self.process.stdin.write(json.dumps({"v": 1, "id": number, "request": request, **fields}) + "\n")
        self.process.stdin.flush()
        answer = until(f"an answer to {request}", lambda: self.answers.get(number), 60)
        assert answer["ok"], answer
        return answer

    def put(self, name, steps):
        spec = (GOLDEN / "runs/neox-dpo-rc.toml").read_text()
        spec = spec.replace('"../models', f'"{GOLDEN}/models').replace('"../pairs.jsonl"', f'"{GOLDEN}/pairs.jsonl"')
        spec = spec.replace('"neox-dpo-rc"', f'"{name}"')
        return self.ask("queue", spec=re.sub(r"(?m)^steps = .*", f"steps = {steps}", spec))["ids"][0]

    def queued(self, name):
        return next((run for run in self.ask("queued")["queue"]["runs"] if run["name"] == name), {})

    def state(self, name):
        return next((run.get("state") for run in self.ask("runs")["runs"] if run["run"] == name), None)

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


class RealSlurm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="slurm-")
        cls.addClassCleanup(folder.cleanup)
        cls.place = pathlib.Path(folder.name)
        cls.place.chmod(0o755)
        cls.cluster = Cluster(cls.place)
        cls.addClassCleanup(cls.cluster.stop)
        cls.cluster.start()

    def setUp(self):
        folder = self.place / self.id().rsplit(".", 1)[-1]
        self.runs, self.config = folder / "runs", folder / "config"
        self.runs.mkdir(parents=True)
        self.config.mkdir()

    def far(self):
        far = Far(self.runs, self.config)
        self.addCleanup(far.close)
        self.assertEqual(far.hello["jobs"], "slurm")
        return far

    def test_a_job_trains_and_leaves_the_queue(self):
        far = self.far()
        far.put("short", 10)
        self.assertTrue(until("a job", lambda: far.queued("short").get("job") or far.state("short") == DONE))
        until("the end of the run", lambda: far.state("short") == DONE)
        until("an empty queue", lambda: not far.queued("short"))

    def test_a_job_that_goes_is_ended_after_a_checkpoint(self):
        far = self.far()
        far.put("long", 100000)
        until("a running job", lambda: far.state("long") == RUNNING and far.queued("long").get("state") == "running")
        far.ask("end", run="long")
        until("the stopped run", lambda: far.state("long") == STOPPED)
        self.assertTrue(list(self.runs.glob("long/checkpoint-*")))
        until("an empty queue", lambda: not far.queued("long"))

    def test_a_job_that_waits_says_why_and_is_taken_out(self):
        node = self.cluster.node
        subprocess.run(["scontrol", "update", f"nodename={node}", "state=drain", "reason=test"], check=True)
        self.addCleanup(subprocess.run, ["scontrol", "update", f"nodename={node}", "state=resume"], check=True)
        far = self.far()
        number = far.put("waits", 10)
        reason = until("Slurm's reason", lambda: "DRAINED" in far.queued("waits").get("reason", "") and far.queued("waits"))
        self.assertEqual(reason["state"], "waiting")
        self.assertIn(reason["job"], self.cluster.told("squeue", "--noheader", "--format=%i").split())
        far.ask("queue_set", take_out=[number])
        until("an empty queue", lambda: not far.queued("waits"))
        until("no job", lambda: reason["job"] not in self.cluster.told("squeue", "--noheader", "--format=%i").split())

    def test_somebody_cancels_a_job(self):
        far = self.far()
        far.put("cancelled", 100000)
        until("a running job", lambda: far.state("cancelled") == RUNNING)
        job = until("its number", lambda: far.queued("cancelled").get("job"))
        subprocess.run(["scancel", job], check=True)
        failed = until("the failure", lambda: far.queued("cancelled").get("state") == "failed" and far.queued("cancelled"))
        self.assertEqual(failed["reason"], f"job {job} was cancelled in Slurm")

    def test_a_template_of_ones_own_has_a_time_limit(self):
        template = self.config / "bandscope/slurm.sbatch"
        template.parent.mkdir()
        # Slurm counts minutes, and sends the signal up to a minute before its time.
        template.write_text(f"""#!/bin/bash
#SBATCH --time=1
#SBATCH --signal=TERM@5
exec srun --kill-on-bad-exit=0 "$BANDSCOPE_ENGINE" "$1" --runs "$2" --json
""")
        far = self.far()
        far.put("limited", 1000000)
        until("the stopped run", lambda: far.state("limited") == STOPPED, 150)
        self.assertTrue(list(self.runs.glob("limited/checkpoint-*")))


if __name__ == "__main__":
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if os.geteuid() != 0 or missing:
        print("skipped: " + (f"there is no {missing[0]} (Debian packages slurm-wlm and munge)" if missing else "not root"))
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=2)
