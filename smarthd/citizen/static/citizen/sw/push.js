// What comes when no page is open: Declarative Web Push JSON ({"web_push": 8030, "notification": {…}}), shown once, opened by a press.
const SEEN = "push-seen-1";
const MOST_SEEN = 60;
const WARNING = /^\/canh-bao\/[A-Za-z]{2}-[A-Za-z0-9]{4,8}\/$/;
const TOLD_WITHIN_MS = 15000;

self.addEventListener("push", (event) => event.waitUntil(show(event.data)));

async function show(data) {
  const said = notificationIn(data);
  const id = said.data?.id;
  const again = await seenBefore(id);
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
    data: { href: said.navigate || "/", id },
  });
  for (const client of await self.clients.matchAll()) client.postMessage("push-shown");
  if (!again) await tell("shown", said.navigate, id, Math.random() * (self.APP.tellOf > 1 ? TOLD_WITHIN_MS : 0));
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
  const mark = markOf(id);
  if (await store.match(mark)) return true;
  // The random number by which this phone's word about this one message counts once, and leads to nothing else; most phones of many have none.
  const tells = Math.random() * self.APP.tellOf < 1;
  await store.put(mark, new Response(tells ? `${crypto.randomUUID()} ${self.APP.tellOf}` : ""));
  const marks = await store.keys();
  await Promise.all(marks.slice(0, Math.max(0, marks.length - MOST_SEEN)).map((oldest) => store.delete(oldest)));
  return false;
}

// Tell the duty officers that a warning was shown or pressed here: no person, no phone, only the message's own random number.
async function tell(what, href, id, wait = 0) {
  const place = new URL(href || "/", location.origin);
  if (!id || place.origin !== location.origin || !WARNING.test(place.pathname)) return;
  const known = await (await caches.open(SEEN)).match(markOf(id));
  const [mark, of] = known ? (await known.text()).split(" ") : [];
  if (!mark) return;
  await new Promise((go) => setTimeout(go, wait));
  const body = new URLSearchParams({ what, mark, of });
  await fetch(`${place.pathname}da-hien/`, { method: "POST", body, keepalive: true }).catch(() => {});
}

const markOf = (id) => new URL(`/push-seen/${encodeURIComponent(id)}`, location.origin).href;

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { href, id } = event.notification.data || {};
  event.waitUntil(Promise.all([openAt(href), tell("pressed", href, id)]));
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
