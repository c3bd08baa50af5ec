"""The AWS SDKs for Java, v2 and v1: starts a server and runs the rounds of java/ against it, in one JVM for each section."""

import subprocess

from support.checks import run

# Quick to start: no round runs long enough to earn its compiling.
JVM = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Daws.java.v1.disableDeprecationAnnouncement=true",
       "-Dorg.apache.commons.logging.Log=org.apache.commons.logging.impl.NoOpLog"]
SECTIONS = {
    "s3": ["sync", "async", "crt", "v1"],
    "dynamodb": ["mapper", "document", "enhanced"],
}


def section(name, rounds):
    def call(checks, program, options):
        chosen = [one for one in rounds if not options.rounds or one in options.rounds.split(",")]
        done = subprocess.run(
            ["java", *JVM, "-cp", options.classpath, "Rounds", program.endpoint, str(program.work), *chosen], env=program.environment,
            cwd=program.work, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
        )
        print(done.stdout, done.stderr, sep="", end="")
        checks.equal(f"{name}: exit code", done.returncode, 0)

    return call


if __name__ == "__main__":
    run({name: section(name, rounds) for name, rounds in SECTIONS.items()}, __doc__,
        [(["--classpath"], {"required": True, "help": "the compiled rounds and the SDKs, as java wants them"}),
         (["--rounds"], {"default": "", "help": "only these of a section's rounds: " + ", ".join(sum(SECTIONS.values(), []))})])
