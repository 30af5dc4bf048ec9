"""Somebody who uses nothing but the keyboard, and who sees at each stop where they are."""

from dataclasses import dataclass, field
from typing import Any

# The browser focuses what a page marks after it has drawn it: a key pressed before goes nowhere.
FOCUSED = "document.readyState === 'complete' && document.activeElement !== document.body"
MOST_TABS = 120
STOP = """() => {
  const at = document.activeElement;
  if (at === document.body) return { nowhere: true };
  const plain = (text) => (text || "").replace(/\\s+/g, " ").trim();
  const said = plain(at.getAttribute("aria-label") || [...(at.labels || [])].map((one) => one.textContent).join(" ")
    || at.textContent || at.value || at.name);
  // A hidden box or circle is drawn, and framed, by what stands around it.
  const drawn = [at, at.parentElement, ...(at.labels || [])];
  const framed = drawn.some((one) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !/, 0\\)$|transparent/.test(outlineColor);
  });
  const seen = at.labels?.length && at.offsetWidth < 2 ? at.labels[0] : at;
  const { left, top, right, bottom, width, height } = seen.getBoundingClientRect();
  const inside = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth && width > 0 && height > 0;
  const [line] = seen.getClientRects();
  const x = Math.min(Math.max((line.left + line.right) / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max((line.top + line.bottom) / 2, 1), innerHeight - 1);
  const above = document.elementFromPoint(x, y);
  const free = !!above && [seen, ...(at.labels || [])].some((one) => one.contains(above) || above.contains(one));
  const led = at.tabIndex < 0; // a place that a link or a script leads to, and no stop
  return { led, name: at.name || "", said, tag: at.tagName.toLowerCase(), framed, inside, free, href: at.href || "" };
}"""


@dataclass(slots=True)
class Keyboard:
    """Goes through a page by keys. With `looks`, each stop must be framed, on the screen, and covered by nothing."""

    page: Any
    looks: bool = False
    fields: list[str] = field(default_factory=list)
    keys: int = 0

    def press(self, key: str) -> None:
        """One key."""
        self.page.keyboard.press(key)
        self.keys += 1

    def stop(self) -> dict[str, Any]:
        """Where the focus is: its name, its words, and how it looks."""
        at: dict[str, Any] = self.page.evaluate(STOP)
        if self.looks and "nowhere" not in at and not at["led"]:
            unseen = [quality for quality in ("framed", "inside", "free") if not at[quality]]
            assert unseen == [], f"{at['said'] or at['name']!r} is not {' nor '.join(unseen)} on {self.page.url}"
        return at

    def reach(self, name: str) -> None:
        """Go to the field with the tabulator."""
        self._tab_to(name, lambda at: at.get("name") == name)

    def to(self, words: str) -> None:
        """Go to the link or button that begins with these words."""
        self._tab_to(words, lambda at: at.get("tag") in ("a", "button", "summary") and at["said"].startswith(words))

    def _tab_to(self, what: str, wanted: Any) -> None:
        for _ in range(MOST_TABS):
            if wanted(self.stop()):
                return
            self.press("Tab")
        raise LookupError(f"{what} cannot be reached by keyboard on {self.page.url}")

    def fill(self, name: str, text: str) -> None:
        """Type into a field, or type the beginning of a choice."""
        self.reach(name)
        self.page.keyboard.type(text)
        self.keys += len(text)
        self.fields.append(name.split("-")[0])

    def tick(self, name: str, words: str = "", *, counts: bool = True) -> None:
        """Tick a box; of several that are called alike, the one that begins with these words."""
        self._tab_to(words or name, lambda at: at.get("name") == name and at["said"].startswith(words))
        self.press("Space")
        if counts:
            self.fields.append(name)

    def pick(self, name: str, words: str) -> None:
        """Choose one of several: a group is one stop, the arrows go through it."""
        self.reach(name)
        if self.stop()["said"].startswith(words):
            self.press("Space")
        for _ in range(MOST_TABS):
            if self.stop()["said"].startswith(words):
                return
            self.press("ArrowDown")
        raise LookupError(f"{words} cannot be chosen by keyboard on {self.page.url}")

    def enter(self, heading: str) -> None:
        """Press Enter and wait until the page that follows has come and says where the next key goes."""
        self.press("Enter")
        self.page.wait_for_selector(f"h1:has-text('{heading}')")
        self.page.wait_for_function(FOCUSED)

    def go(self, words: str, heading: str) -> None:
        """Press a link or button and wait for the page that follows; nothing needs to have the focus there."""
        self.to(words)
        self.press("Enter")
        self.arrive(heading)

    def begin_anew(self) -> None:
        """From the top of the page, as after it was loaded."""
        self.page.evaluate("document.activeElement.blur(), getSelection().removeAllRanges(), scrollTo(0, 0)")
        # Where a sequence begins is no part of the focus: only another place can be told to be it.
        self.page.evaluate("document.body.tabIndex = -1, document.body.focus(), document.body.removeAttribute('tabindex')")

    def choose(self, menu: str, words: str, heading: str) -> None:
        """Open a menu of the page's top and go where one of its entries leads."""
        self.begin_anew()
        self.to(menu)
        self.press("Enter")
        self.go(words, heading)

    def arrive(self, heading: str) -> None:
        """A page is there, whole. Where nothing has the focus yet, the first stop leads past the menu."""
        self.page.wait_for_selector(f"h1:has-text('{heading}')")
        self.page.wait_for_function("document.readyState === 'complete'")
        if self.looks and "nowhere" in self.stop():
            self.press("Tab")
            first = self.stop()
            assert first["href"].endswith("#main"), f"first comes {first['said']!r} on {self.page.url}"
            self.press("Enter")
            assert self.page.evaluate("document.activeElement.id") == "main"

    def goes_round(self) -> list[str]:
        """Every stop of the page, from the top to where the browser takes over: nothing holds the focus."""
        self.begin_anew()
        stops: list[str] = []
        for _ in range(MOST_TABS * 3):
            self.press("Tab")
            at = self.stop()
            if "nowhere" in at:
                return stops
            stops.append(at["said"] or at["name"])
        raise AssertionError(f"the keyboard never gets out of {self.page.url}: {stops[-5:]}")
