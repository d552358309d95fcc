"""pandana: in an environment of its own under .build, which pip fills where it is to be had."""

import json
import os
import subprocess

from ground import LeftOut, Row, Time

HERE = os.path.dirname(os.path.abspath(__file__))


def python_with_pandana():
    """The path of one; Scripts/bench-python.sh says why there is none."""
    script = os.path.join(HERE, "../../Scripts/bench-python.sh")
    made = subprocess.run([script, "pandana"], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise LeftOut((made.stderr.strip().splitlines() or ["there is no Python with it"])[-1])
    return made.stdout.strip()


def rows(ground):
    python = python_with_pandana()
    script = os.path.join(HERE, "pandana_walks.py")
    try:
        printed = ground.output(
            python, script, ground.folder, ground.state, ground.programs, str(ground.cpu), stderr=subprocess.DEVNULL)
    except subprocess.CalledProcessError:
        raise LeftOut("pandana did not run on this network") from None
    # It prints words of its own before.
    result = json.loads(printed[printed.index('{"made"'):])

    def each(name):
        return lambda: Time(1e6 / result[name], result[name], None)

    return [Row(f"pandana (all nodes at once; a node's share; made in {result['made']:.0f} s)", {
        "ten": each("ten"), "fifty": each("fifty"),
        "all": lambda: Time(1e6 / result["all"][0], *result["all"]),
    }, lambda count: result["hits_ten" if count == 10 else "hits_all"], is_slow=True)]
