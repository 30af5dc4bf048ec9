// Keeps the kiosk usable while the line is down. What people tell it then is kept encrypted in this browser, under a key
// that no script can read, and is sent once when the line is back: each with a key of its own, which the server knows again.
const SHELL = "kiosk-1";
const AWAY = ["/kiosk/away", "/kiosk/away/thanks"];
const PAGES = AWAY.flatMap((path) => [path, `${path}?lang=es`]);
const ASKS = ["/kiosk/type", "/kiosk/scan", "/kiosk/away"];
const HALF_WAY = ["/kiosk/confirm", "/kiosk/done"];
const PATIENCE = 12_000;
const LASTS = 24 * 3600_000;

const opened = new Promise((resolve, reject) => {
  const asked = indexedDB.open("kiosk", 1);
  asked.onupgradeneeded = () => ["keys", "kept"].forEach((name) => asked.result.createObjectStore(name));
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});
const store = async (name, act) => {
  const asked = act((await opened).transaction(name, "readwrite").objectStore(name));
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
};

const ownKey = async () => {
  const known = await store("keys", (keys) => keys.get("own"));
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await store("keys", (keys) => keys.put(made, "own"));
  return made;
};
const seal = async (told) => {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await ownKey(), new TextEncoder().encode(told));
  return { iv, data };
};
const unseal = async ({ iv, data }) =>
  new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await ownKey(), data));

const put = (name, entry) => (kept) => kept.put(entry, name);

// "now" is the person before the screen; every other entry waits for the line.
const hold = async (form, name) => {
  const told = new URLSearchParams([...form].filter(([field]) => !["csrf_token", "request_key"].includes(field)));
  await store("kept", put(name, { at: Date.now(), ...(await seal(told.toString())) }));
};
const drop = (name) => store("kept", (kept) => kept.delete(name));
const waiting = async () => (await store("kept", (kept) => kept.getAllKeys())).filter((name) => name !== "now");
const promote = async () => {
  const now = await store("kept", (kept) => kept.get("now"));
  if (!now) return false;
  await store("kept", put(`k${crypto.randomUUID()}`, now));
  await drop("now");
  return true;
};

let sending = null;
const send = () => (sending ??= sendAll().catch(() => false).finally(() => (sending = null)));
const sendAll = async () => {
  const at = async (init) => {
    const answer = await fetch("/kiosk/kept", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...init });
    if (!answer.ok || new URL(answer.url).pathname !== "/kiosk/kept") throw new Error("not now");
    return answer.text();
  };
  let token = await at();
  for (const name of await waiting()) {
    const entry = await store("kept", (kept) => kept.get(name));
    if (Date.now() - entry.at < LASTS) {
      const told = new URLSearchParams(await unseal(entry));
      told.set("csrf_token", token);
      told.set("request_key", name);
      told.set("age", Math.max(0, Math.round((Date.now() - entry.at) / 1000)));
      token = await at({ method: "POST", body: told });
    }
    await drop(name);
  }
  return true;
};

const inTime = (answer) =>
  Promise.race([answer, new Promise((_, reject) => setTimeout(() => reject(new Error("too slow")), PATIENCE))]);
const away = async (which, url) => {
  const found = await caches.match(`${AWAY[which]}${url.searchParams.get("lang") === "es" ? "?lang=es" : ""}`, { ignoreVary: true });
  return new Response(found.body, { headers: found.headers });
};

const answer = async (request) => {
  const url = new URL(request.url);
  const half = HALF_WAY.includes(url.pathname);
  const asks = request.method === "POST" && ASKS.includes(url.pathname);
  const form = request.method === "POST" ? await request.clone().formData() : null;
  if (asks) await hold(form, "now");
  else if (!half) await drop("now");
  try {
    return await inTime(fetch(request));
  } catch {
    const told = (asks || half) && form?.get("answer") !== "no" && (await promote());
    await drop("now");
    return away(told ? 1 : 0, url);
  }
};

addEventListener("install", (event) => {
  const keep = async () => {
    const shell = await caches.open(SHELL);
    for (const path of PAGES) {
      const page = await fetch(path, { cache: "no-store" });
      if (!page.ok || page.redirected) throw new Error("not paired");
      const parts = (await page.clone().text()).match(/\/static\/[^"]+/g) ?? [];
      await Promise.all([shell.put(path, page), ...parts.map((part) => shell.add(part))]);
    }
    await skipWaiting();
  };
  event.waitUntil(keep());
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(answer(request));
  else if (pathname.startsWith("/static/")) event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
});
addEventListener("message", (event) => {
  const tell = async () => {
    const online = (await send()) === true;
    event.source.postMessage({ online, waiting: (await waiting()).length });
  };
  event.waitUntil(tell());
});
