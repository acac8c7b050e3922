// The service worker. self.APP (build, shell, frames, offlinePage, neverKept) is written in front of it by the server.
// Pages: network first, the last seen copy when there is none, marked with the time it was kept. Static files: kept first.
const SHELL = `shell-${self.APP.build}`;
const PAGES = "pages-1";
const STATIC = "static-1";
const SHELLS = "shells-1";
const MOST_PAGES = 60;
const PATIENCE_MS = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const shell = await caches.open(SHELL);
      await shell.addAll([...self.APP.shell, self.APP.offlinePage]);
      await Promise.all(self.APP.keptFirst.map(keepUnasked));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== SHELL);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.headers.has("range")) return; // a player asks for a part of a video, which is no file to keep
  if (request.mode === "navigate" && self.APP.keptShells.includes(url.pathname)) {
    event.respondWith(networkOrShell(request, url.pathname));
    return;
  }
  if (request.mode === "navigate" && self.APP.frames[url.pathname]) {
    event.respondWith(networkOrFrame(request, self.APP.frames[url.pathname]));
    return;
  }
  if (self.APP.neverKept.some((place) => url.pathname.startsWith(place))) {
    if (request.mode === "navigate") event.respondWith(networkOrOfflinePage(request));
    return;
  }
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (url.pathname.startsWith("/static/")) event.respondWith(kept(request, STATIC));
  else if (url.pathname.startsWith("/tep/")) event.respondWith(kept(request, PAGES));
  else if (url.pathname === "/manifest.webmanifest") event.respondWith(fetch(request).catch(() => caches.match(request)));
});

// The name a page is kept under: marks of how it was reached do not matter.
function nameOf(url) {
  const name = new URL(url);
  name.searchParams.delete("nguon");
  name.searchParams.delete("da-luu");
  name.hash = "";
  return name.href;
}

async function page(event) {
  const { request } = event;
  const name = nameOf(request.url);
  const copy = await (await caches.open(PAGES)).match(name);
  const answer = fetch(request).then((response) => {
    event.waitUntil(keep(name, response.clone()));
    return response;
  });
  try {
    return copy ? await Promise.race([answer, late()]) : await answer;
  } catch {
    answer.catch(() => {}); // the copy is shown; a late answer is kept for next time, a late failure is the one we know
    return copy ? asKept(copy) : offlinePage();
  }
}

// Numbers to call must be there the first time the network is not: kept before anybody has opened them, if they can be had now.
async function keepUnasked(path) {
  try {
    await keep(nameOf(new URL(path, location.origin).href), await fetch(path));
  } catch {
    // without a network now they are kept when they are first opened
  }
}

function late() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("slow network")), PATIENCE_MS));
}

async function networkOrOfflinePage(request) {
  try {
    return await fetch(request);
  } catch {
    return offlinePage();
  }
}

// A shell that a page put by for itself (its own module fills SHELLS); the server's answer goes first, but not for ever.
async function networkOrShell(request, path) {
  const copy = await (await caches.open(SHELLS)).match(path);
  try {
    return copy ? await Promise.race([fetch(request), late()]) : await fetch(request);
  } catch {
    return copy || offlinePage();
  }
}

// A page whose frame lies in the shell: the server's answer first; without a network, or a house out of order, the frame.
async function networkOrFrame(request, frame) {
  try {
    return await Promise.race([fetch(request), late()]);
  } catch {
    return (await caches.match(frame)) || offlinePage();
  }
}

async function offlinePage() {
  return (await caches.match(self.APP.offlinePage)) || Response.error();
}

async function keep(name, response) {
  const html = (response.headers.get("content-type") || "").startsWith("text/html");
  const secret = (response.headers.get("cache-control") || "").includes("no-store");
  if (response.status !== 200 || response.redirected || !html || secret) return;
  const headers = new Headers(response.headers);
  headers.set("x-kept-at", new Date().toISOString());
  headers.delete("content-encoding");
  headers.delete("content-length");
  const store = await caches.open(PAGES);
  await store.put(name, new Response(await response.blob(), { status: 200, headers }));
  const names = await store.keys();
  await Promise.all(names.slice(0, Math.max(0, names.length - MOST_PAGES)).map((oldest) => store.delete(oldest)));
}

// Write the time of keeping into the page, so that the reader sees since when it is known.
async function asKept(copy) {
  const keptAt = copy.headers.get("x-kept-at") || "";
  const html = (await copy.text()).replace("<body", `<body data-kept-at="${keptAt}"`);
  return new Response(html, { status: 200, headers: copy.headers });
}

async function kept(request, storeName) {
  const copy = await caches.match(request);
  if (copy) return copy;
  const response = await fetch(request);
  const secret = (response.headers.get("cache-control") || "").includes("no-store");
  if (response.status === 200 && !secret) await (await caches.open(storeName)).put(request, response.clone());
  return response;
}

// --- what waits to be counted ---------------------------------------------------------------------------------------
self.addEventListener("sync", (event) => {
  if (event.tag === "smarthd-outbox") event.waitUntil(emptyTheBox());
  if (event.tag === "smarthd-reports") event.waitUntil(sendReports());
  if (event.tag === "smarthd-alerts") event.waitUntil(sendAnswers());
});

async function emptyTheBox() {
  const told = await self.SmarthdOutbox.tellWithdrawal();
  const sent = await self.SmarthdOutbox.flush();
  if (!told || !sent) throw new Error("not all could be sent; the browser tries again");
}

async function sendReports() {
  const sent = await self.SmarthdReports.flush();
  for (const client of await self.clients.matchAll()) client.postMessage("reports-sent");
  if (!sent) throw new Error("not all reports could be sent; the browser tries again");
}

async function sendAnswers() {
  if (!(await self.SmarthdAlerts.flush())) throw new Error("not all answers could be sent; the browser tries again");
}

// Pages of warnings in force are kept before anybody opens them: the network may be the first thing the storm takes.
async function keepAhead(urls) {
  const store = await caches.open(PAGES);
  for (const url of urls.slice(0, 10)) {
    const name = nameOf(new URL(url, location.origin).href);
    if (!(await store.match(name))) await fetch(name).then((response) => keep(name, response)).catch(() => {});
  }
}

// A person signed out, or handed the phone on: pages seen are forgotten.
self.addEventListener("message", (event) => {
  if (event.data === "forget-pages") event.waitUntil(caches.delete(PAGES));
  if (event.data?.keep) event.waitUntil(keepAhead(event.data.keep));
});
