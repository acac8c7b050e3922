// What comes when no page is open: Declarative Web Push JSON ({"web_push": 8030, "notification": {…}}), shown once, opened by a press.
const SEEN = "push-seen-1";
const MOST_SEEN = 60;

self.addEventListener("push", (event) => event.waitUntil(show(event.data)));

async function show(data) {
  const said = notificationIn(data);
  const again = await seenBefore(said.data?.id);
  await self.registration.showNotification(said.title || "Smart-HaiDuong", {
    body: said.body || "",
    lang: said.lang || "vi",
    tag: said.tag || "",
    icon: self.APP.icon,
    badge: self.APP.icon,
    requireInteraction: said.requireInteraction === true,
    // A browser wants every push shown; one that came twice is put in the place of the first without a sound.
    silent: again,
    renotify: Boolean(said.tag) && !again,
    data: { href: said.navigate || "/" },
  });
  for (const client of await self.clients.matchAll()) client.postMessage("push-shown");
}

function notificationIn(data) {
  try {
    const said = data.json();
    return said.web_push === 8030 && said.notification ? said.notification : {};
  } catch {
    return {};
  }
}

async function seenBefore(id) {
  if (!id) return false;
  const store = await caches.open(SEEN);
  const mark = new URL(`/push-seen/${encodeURIComponent(id)}`, location.origin).href;
  if (await store.match(mark)) return true;
  await store.put(mark, new Response(""));
  const marks = await store.keys();
  await Promise.all(marks.slice(0, Math.max(0, marks.length - MOST_SEEN)).map((oldest) => store.delete(oldest)));
  return false;
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openAt(event.notification.data?.href));
});

async function openAt(href) {
  const wanted = new URL(href || "/", location.origin);
  const place = wanted.origin === location.origin ? wanted.href : location.origin;
  const [page] = await self.clients.matchAll({ type: "window" });
  if (!page) return self.clients.openWindow(place);
  await page.focus();
  return page.navigate(place).catch(() => self.clients.openWindow(place));
}

// The browser gave this phone another address: the server moves the wishes over to it.
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(moved(event)));

async function moved(event) {
  const old = event.oldSubscription;
  const options = old?.options || { userVisibleOnly: true, applicationServerKey: (await keyOfServer()).key };
  const fresh = event.newSubscription || (await self.registration.pushManager.subscribe(options));
  const answer = await fetch("/api/v1/push/subscriptions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...fresh.toJSON(), replaces: old?.endpoint || "" }),
  });
  if (!answer.ok) throw new Error(`subscription not moved: ${answer.status}`);
}

const keyOfServer = async () => (await fetch("/api/v1/push/key")).json();
