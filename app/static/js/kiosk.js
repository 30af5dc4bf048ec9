// What the kiosk's pages gain from scripts: whoever is still typing keeps the screen, and Back never shows a kept page.
const IDLE = 20_000;
const WARNED = 10_000;

const { clears } = document.body.dataset;
if (clears) {
  const said = document.querySelector("[data-idle]");
  let warn, clear;
  const stay = () => {
    clearTimeout(warn);
    clearTimeout(clear);
    if (said.textContent) said.textContent = "";
    warn = setTimeout(() => (said.textContent = said.dataset.idle), IDLE - WARNED);
    clear = setTimeout(() => location.replace(clears), IDLE);
  };
  for (const sign of ["input", "keydown", "pointerdown", "scan:read"]) document.addEventListener(sign, stay);
  stay();
}
addEventListener("pageshow", (event) => event.persisted && location.replace("/kiosk/"));
