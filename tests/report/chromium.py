"""A browser that tests drive: Chromium's own protocol, over a pipe, without a port or a package."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.programs import program

#: Chromium reads commands from file 3 and writes answers and events to file 4 (bash knows the
#: files above 9; dash does not).
_START = 'exec "$@" 3<&"$READS" 4>&"$WRITES"'


class Browser:
    """One tab. `events` are what the tab told of itself: requests, errors, words of the console."""

    def __init__(self, reads: int, writes: int) -> None:
        self._answers, self._commands = reads, writes
        self._number, self._rest = 0, b""
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> Any:
        """Send a command and wait for its result; events that come before are kept."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        text = json.dumps(message).encode() + b"\0"
        while text:
            text = text[os.write(self._commands, text) :]
        while (told := self._message()).get("id") != self._number:
            self.events.append(told)
        assert "error" not in told, (method, told["error"])
        return told["result"]

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            read = os.read(self._answers, 1 << 20)
            assert read, "the browser has ended"
            self._rest += read
        text, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(text)
        return found

    def open(
        self, page: Path, width: int = 1280, *, scheme: str = "light", scripts: bool = True
    ) -> None:
        """Open a page on a screen so wide, and wait until it is loaded."""
        self.screen(width, scheme)
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.events.clear()
        self.call("Page.navigate", url=page.as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self._message())

    def screen(self, width: int, scheme: str = "light") -> None:
        """Change the width of the screen, and whether the reader likes it dark."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=900, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media="", features=features)

    def ask(self, expression: str) -> Any:
        """The value of an expression of JavaScript, or of what it promises."""
        told = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def until(self, expression: str) -> None:
        """Wait until an expression holds, looking once a frame."""
        holds = self.ask(
            "new Promise(done => { let frames = 0; const look = () => {"
            f" if ({expression}) done(true); else if (++frames > 600) done(false);"
            " else requestAnimationFrame(look); }; look(); })"
        )
        assert holds, f"never held: {expression}"

    def point(self, selector: str) -> tuple[float, float]:
        """The middle of an element, once it has been scrolled into view and drawn there."""
        found = self.ask(
            f"(async () => {{ const e = document.querySelector({json.dumps(selector)});"
            " if (!e) return null; e.scrollIntoView({block: 'center', behavior: 'instant'});"
            " for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);"
            " const r = e.getBoundingClientRect();"
            " return [r.left + r.width / 2, r.top + r.height / 2]; })()"
        )
        assert found, f"there is no {selector}"
        return found[0], found[1]

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        """An event of the mouse: mouseMoved, mousePressed or mouseReleased."""
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def hover(self, selector: str) -> None:
        """Move the mouse onto an element in small steps, a frame each, as a hand does."""
        x, y = self.point(selector)
        for step in range(-4, 1):
            self.mouse("mouseMoved", x + step, y)
            self.ask("new Promise(requestAnimationFrame)")

    def click(self, selector: str) -> None:
        """Click an element as a person does."""
        x, y = self.point(selector)
        self.drag((x, y), (x, y))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press the mouse at one place and let it go at another."""
        pressed: dict[str, Any] = {"button": "left", "buttons": 1, "clickCount": 1}
        self.mouse("mouseMoved", *start)
        self.mouse("mousePressed", *start, **pressed)
        if start != end:
            middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
            self.mouse("mouseMoved", *middle, button="left", buttons=1)
            self.mouse("mouseMoved", *end, button="left", buttons=1)
        self.mouse("mouseReleased", *end, **pressed)

    def press(self, key: str, code: int, text: str = "") -> None:
        """Press a key on what has the focus."""
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key,
                windowsVirtualKeyCode=code, text=text if kind == "keyDown" else "",
            )  # fmt: skip

    def shot(self, file: Path, *, whole: bool = True) -> None:
        """Take a picture of the page."""
        told = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(told["data"]))

    def printed(self) -> bytes:
        """The page as PDF."""
        told = self.call("Page.printToPDF", printBackground=False, preferCSSPageSize=True)
        return base64.b64decode(told["data"])

    def end(self) -> None:
        """End the browser."""
        self._session = None
        self.call("Browser.close")

    def said(self, *methods: str) -> list[dict[str, Any]]:
        """What the tab told of some kinds since the page was opened."""
        return [event["params"] for event in self.events if event["method"] in methods]


@contextmanager
def chromium(profile: Path) -> Iterator[Browser]:
    """A browser with a profile of its own, closed at the end."""
    path = program("chromium", "chromium-browser")
    commands_out, commands_in = os.pipe()
    answers_out, answers_in = os.pipe()
    process = subprocess.Popen(
        [program("bash"), "-c", _START, "bash", path, "--headless", "--no-sandbox", "--disable-gpu",
         "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
         "--hide-scrollbars", "--remote-debugging-pipe", f"--user-data-dir={profile}"],
        env={**os.environ, "READS": str(commands_out), "WRITES": str(answers_in)},
        pass_fds=[commands_out, answers_in], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(commands_out)
    os.close(answers_in)
    try:
        browser = Browser(answers_out, commands_in)
        yield browser
        browser.end()
    finally:
        os.close(answers_out)
        os.close(commands_in)  # which ends it, too
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
