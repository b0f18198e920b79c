"""Run a command and print its seconds and peak memory: `python -IS measured.py COMMAND …`.

A process of its own, because a child's peak memory is never less than what its parent had when
it started it. The command's own stdout goes to stderr.
"""

import json
import os
import sys
import time

if __name__ == "__main__":
    start = time.perf_counter()
    to_stderr = [(os.POSIX_SPAWN_DUP2, 2, 1)]
    pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=to_stderr)
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "peakMB": usage.ru_maxrss / 1024}))
    sys.exit(os.waitstatus_to_exitcode(status))
