"""The largest resident size that this process had since its program started."""

import re
from pathlib import Path


def peak_mebibytes() -> float:
    """From Linux's own count (proc(5), VmHWM).

    `ru_maxrss` is not that: it keeps the size of whoever started the process, from before its own program ran.
    """
    found = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024
