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

// While the line is down: the worker keeps what people tell, and the screen says how many wait.
const LOOKS = 4_000;
const bar = document.querySelector("[data-waits]");
if (bar && "serviceWorker" in navigator) {
  const { serviceWorker } = navigator;
  const ask = () => serviceWorker.controller?.postMessage("send");
  serviceWorker.register("/kiosk/worker.js", { scope: "/kiosk/" }).then(ask, () => {});
  serviceWorker.addEventListener("controllerchange", ask);
  serviceWorker.addEventListener("message", ({ data: { online, waiting } }) => {
    bar.hidden = !waiting;
    bar.textContent = `${bar.dataset.waits} ${waiting}`;
    const typing = [...document.querySelectorAll("input:not([type=hidden])")].some((field) => field.value);
    if (online && "away" in document.body.dataset && !typing) location.replace("/kiosk/");
  });
  setInterval(ask, LOOKS);
  addEventListener("online", ask);
}
