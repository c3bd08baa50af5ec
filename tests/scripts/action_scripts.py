"""Shellcheck for the scripts of composite actions: action_scripts.py FILE...  (ruamel.yaml and shellcheck have to be there)"""

import re
import subprocess
import sys
from pathlib import Path

from ruamel.yaml import YAML

wrong = 0
for name in sys.argv[1:]:
    for step in YAML(typ="safe").load(Path(name))["runs"]["steps"]:
        if "run" not in step:
            continue
        # An expression is something of which nothing is known.
        script = re.sub(r"\$\{\{.*?\}\}", lambda found: "_" * len(found[0]), step["run"], flags=re.S)
        words = ["shellcheck", "--severity=style", f"--shell={step['shell']}", "-"]
        done = subprocess.run(words, input=script, capture_output=True, text=True)
        if done.returncode != 0:
            print(f"{name}: {done.stdout}{done.stderr}")
            wrong += 1
sys.exit(bool(wrong))
