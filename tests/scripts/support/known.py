"""Tests of other people's suites that cannot pass, each with its reason."""


class Known:
    """The lines `TEST: reason` of a file, below the line `[section]`. A test that is listed must not pass, any other must."""

    def __init__(self, path, section):
        self.name, self.section = path.name, section
        self.reasons = {}
        here = False
        for line in map(str.strip, path.read_text().splitlines()):
            if line.startswith("["):
                here = line == f"[{section}]"
            elif here and line and not line.startswith("#"):
                name, reason = line.split(": ", 1)
                self.reasons[name] = reason

    def hold(self, checks, found):
        """`found` says for each test that ran "passed", "skipped", or how it failed."""
        for name, verdict in found.items():
            if name in self.reasons:
                checks.true(f"{name} passes: its line in {self.name} is no longer true", verdict != "passed")
            elif verdict != "skipped":
                checks.equal(f"{self.section}: {name}", verdict, "passed")
        passed = sum(verdict == "passed" for verdict in found.values())
        skipped = sum(verdict == "skipped" for verdict in found.values())
        listed = len(self.reasons.keys() & found.keys())
        print(f"report: {self.section}: {passed} of {len(found)} pass, {skipped} skip themselves, {listed} are listed in {self.name}", flush=True)
        return passed
