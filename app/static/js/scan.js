// Reads a square code with the camera, where the browser has one. Nothing of it is needed: what it finds can be typed.
//
//   <div data-scan data-scan-into="code" data-scan-decoder="…/read-codes.js" hidden>
//     <button type="button" data-scan-start>…</button>
//     <div data-scan-view hidden><video data-scan-video></video><button type="button" data-scan-stop>…</button></div>
//     <p role="status" data-scan-said data-found="…" data-refused="…"></p>
//   </div>
//
// What was read is told by the event scan:read (detail: the text), which bubbles. Unless somebody prevents it, the text
// is put into the field named by data-scan-into and its form is sent.
const PAUSE = 100;
const LONGEST_SIDE = 1280;

// The browser's own reader, or ours, loaded when it is first needed: a function from a video to a text or null.
const reader = async (decoder) => {
  try {
    if ((await globalThis.BarcodeDetector?.getSupportedFormats())?.includes("qr_code")) {
      const own = new BarcodeDetector({ formats: ["qr_code"] });
      return async (video) => (await own.detect(video))[0]?.rawValue || null;
    }
  } catch {
    // It says that it reads codes, and does not.
  }
  const { decodeQR } = await import(decoder);
  const canvas = document.createElement("canvas");
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    paper.drawImage(video, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(paper.getImageData(0, 0, canvas.width, canvas.height)) || null;
    } catch {
      return null; // There is no whole code in this picture.
    }
  };
};

const scanner = (root) => {
  const part = (name) => root.querySelector(`[data-scan-${name}]`);
  const [start, stop, view, video, said] = ["start", "stop", "view", "video", "said"].map(part);
  let stream = null;
  let turn = 0;

  const close = () => {
    turn += 1;
    stream?.getTracks().forEach((track) => track.stop());
    stream = video.srcObject = null;
    const watched = view.contains(document.activeElement);
    view.hidden = true;
    start.hidden = false;
    if (watched) start.focus();
  };

  const tell = (text) => {
    close();
    const event = new CustomEvent("scan:read", { detail: text, bubbles: true, cancelable: true });
    if (!root.dispatchEvent(event)) return;
    said.textContent = said.dataset.found;
    const field = document.getElementById(root.dataset.scanInto);
    field.value = text;
    field.form.requestSubmit();
  };

  const watch = async (mine) => {
    const read = await reader(root.dataset.scanDecoder);
    while (mine === turn) {
      const text = video.readyState >= 2 ? await read(video) : null;
      if (mine !== turn) return;
      if (text) return tell(text);
      await new Promise((next) => setTimeout(next, PAUSE));
    }
  };

  const open = async () => {
    close();
    const mine = turn;
    said.textContent = "";
    try {
      const wanted = { facingMode: "environment", width: { ideal: LONGEST_SIDE }, height: { ideal: 720 } };
      const found = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
      if (mine !== turn) return found.getTracks().forEach((track) => track.stop());
      stream = video.srcObject = found;
      view.hidden = false;
      start.hidden = true;
      stop.focus();
      await video.play();
      await watch(mine);
    } catch {
      if (mine !== turn) return;
      close();
      said.textContent = said.dataset.refused;
    }
  };

  start.addEventListener("click", open);
  stop.addEventListener("click", close);
  addEventListener("pagehide", close);
  document.addEventListener("visibilitychange", () => document.hidden && close());
  root.hidden = false;
};

if (navigator.mediaDevices?.getUserMedia) document.querySelectorAll("[data-scan]").forEach(scanner);
