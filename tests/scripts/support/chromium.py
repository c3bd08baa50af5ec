"""Headless Chromium, driven over its own protocol on a pair of pipes: no driver, no port."""

import itertools
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time

PATIENCE = 20


class Chromium:
    """One browser with a profile of its own. Used with `with`: it ends it.

    Every name below `.example` leads to this machine. Chromium's own check of pages that reach for the local network is
    off, so that it does not hide what the endpoint refuses.
    """

    def __init__(self, binary):
        self.profile = tempfile.mkdtemp(prefix="footbridge-chromium-")
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        flags = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server",
            "--autoplay-policy=no-user-gesture-required", f"--user-data-dir={self.profile}", "--remote-debugging-pipe",
            "--host-resolver-rules=MAP *.example 127.0.0.1", "--disable-features=LocalNetworkAccessChecks",
        ]
        # The browser reads what it is told from descriptor 3, and answers on 4.
        command = ["/bin/sh", "-c", f'exec "$0" "$@" 3<&{to_browser} 4>&{from_browser}', binary, *flags, "about:blank"]
        self._process = subprocess.Popen(
            command, pass_fds=(to_browser, from_browser), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env={"PATH": os.environ["PATH"], "HOME": self.profile},
        )
        os.close(to_browser)
        os.close(from_browser)
        self._ids = itertools.count(1)
        self._answers = {}
        self._writing = threading.Lock()
        self._changed = threading.Condition()
        # What the browser did, by the page that it did it for.
        self._pages = {}
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._out)
        shutil.rmtree(self.profile, ignore_errors=True)

    def page(self):
        """A new tab."""
        target = self.tell("Target.createTarget", url="about:blank")["targetId"]
        session = self.tell("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        self._pages[session] = page
        # Waited for: a document may have loaded before the browser takes up what it is to tell of it.
        self.tell("Page.enable", session)
        watch(session, self.tell)
        return page

    def tell(self, method, session=None, **parameters):
        """What the browser answers to one command."""
        number = self.send(method, session, **parameters)
        answer = self.wait(lambda: self._answers.pop(number, None), method)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def send(self, method, session=None, **parameters):
        number = next(self._ids)
        message = {"id": number, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        with self._writing:
            os.write(self._out, json.dumps(message).encode() + b"\0")
        return number

    def wait(self, found, what):
        """What `found` gives, once it gives something."""
        deadline = time.monotonic() + PATIENCE
        with self._changed:
            while True:
                value = found()
                if value:
                    return value
                if not self._changed.wait(max(0, deadline - time.monotonic())) and time.monotonic() >= deadline:
                    raise TimeoutError(f"Chromium: {what}")

    def _read(self):
        left = b""
        while part := os.read(self._in, 1 << 16):
            *messages, left = (left + part).split(b"\0")
            for message in map(json.loads, messages):
                with self._changed:
                    self._take(message)
                    self._changed.notify_all()

    def _take(self, message):
        if "id" in message:
            self._answers[message["id"]] = message
            for page in self._pages.values():
                page.starting.discard(message["id"])
            return
        page = self._pages.get(message.get("sessionId"))
        if page is None:
            return
        parameters = message["params"]
        match message["method"]:
            case "Target.attachedToTarget":
                # A frame in a process of its own, or a worker: its requests count for the page.
                session = parameters["sessionId"]
                self._pages[session] = page
                # Waited for later: this is the thread that reads the answers.
                page.starting.update(watch(session, self.send))
            case "Network.requestWillBeSent":
                request = parameters["request"]
                page.sent[parameters["requestId"]] = request["method"], request["url"]
            case "Network.responseReceived":
                page.statuses[parameters["requestId"]] = parameters["response"]["status"]
            case "Network.responseReceivedExtraInfo":
                # Told also of an answer that the page may not have.
                page.statuses[parameters["requestId"]] = parameters["statusCode"]
            case "Page.loadEventFired" if message["sessionId"] == page.session:
                page.loads += 1


def watch(session, say):
    """Has the browser tell of what a session sends, from its first request on, and of its frames and workers."""
    return [
        say("Network.enable", session),
        say("Target.setAutoAttach", session, autoAttach=True, waitForDebuggerOnStart=True, flatten=True),
        say("Runtime.runIfWaitingForDebugger", session),
    ]


class Page:
    """A tab."""

    def __init__(self, browser, session):
        self.browser, self.session = browser, session
        self.loads = 0
        # What the browser was told of frames and workers, and did not take up yet.
        self.starting = set()
        # Method and URL of every request of the page, its frames and its workers, and the status of every answer, by the
        # browser's number: a navigation may begin in one process and end in another.
        self.sent, self.statuses = {}, {}

    def go(self, url):
        """Enters an address, as a person does, and waits until all of it has loaded. What was before is forgotten."""
        self.sent.clear()
        self.statuses.clear()
        self.after_load(lambda: self.browser.tell("Page.navigate", self.session, url=url))

    def after_load(self, action):
        """Does something that leads to another document, and waits until that has loaded."""
        loads = self.loads
        action()
        self.browser.wait(lambda: self.loads > loads and not self.starting, "a document loads")

    def run(self, script):
        """The value of an expression in the page, its promise awaited."""
        answer = self.browser.tell("Runtime.evaluate", self.session, expression=script, awaitPromise=True,
                                   returnByValue=True, userGesture=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def status(self, method, part):
        """The status of the answer to the last request of this method whose URL has this part, once there is one."""
        def found():
            asked = [request for request, (verb, url) in self.sent.items() if verb == method and part in url]
            return self.statuses.get(asked[-1]) if asked else None

        return self.browser.wait(found, f"an answer to {method} {part}")
