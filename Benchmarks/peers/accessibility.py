"""pandana: in an environment of its own in the work folder, which pip fills where it is to be had."""

import json
import os
import subprocess
import sys

from ground import LeftOut, Row, Time


def python_with_pandana(folder):
    python = os.path.join(folder, "bin", "python")
    try:
        if not os.path.exists(python):
            subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True)
        if subprocess.run([python, "-c", "import pandana"], capture_output=True, check=False).returncode != 0:
            subprocess.run([python, "-m", "pip", "install", "--quiet", "pandana"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        raise LeftOut("pip could not install pandana") from None
    return python


def rows(ground):
    python = python_with_pandana(ground.path("../pandana"))
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pandana_walks.py")
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
