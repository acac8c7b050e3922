// This phone's subscription to web push: made, told to the server at every start of the app, ended.
import { atomUid } from "./measure.js";

const ADDRESS = "/api/v1/push/subscriptions";
const FOLLOWED = "push-followed";
const KEPT = "push-kept";

export const possible = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

export async function current() {
  const registration = await navigator.serviceWorker.ready;
  return registration.pushManager.getSubscription();
}

export const followed = () => JSON.parse(localStorage.getItem(FOLLOWED) || "[]");

async function send(method, body) {
  const answer = await fetch(ADDRESS, {
    method,
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(said.error?.detail || String(answer.status)), { status: answer.status });
  return said;
}

// Tell the server of this phone; wishes left out stay as they are.
export async function tell(subscription, wishes = {}) {
  const home = atomUid();
  if (wishes.followed) localStorage.setItem(FOLLOWED, JSON.stringify(wishes.followed));
  const communes = home ? [home, ...followed().filter((uid) => uid !== home)] : undefined;
  const { followed: _, ...rest } = wishes;
  const language = document.documentElement.lang === "en" ? "en" : "vi";
  return send("POST", { ...subscription.toJSON(), language, communes, ...rest });
}

export async function begin(wordingVersion) {
  if ((await Notification.requestPermission()) !== "granted") return null;
  const registration = await navigator.serviceWorker.ready;
  const { key } = await (await fetch("/api/v1/push/key")).json();
  const old = await registration.pushManager.getSubscription();
  if (old) await old.unsubscribe();
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  return tell(subscription, { wording_version: wordingVersion });
}

export async function end() {
  const subscription = await current();
  if (!subscription) return;
  await send("DELETE", { endpoint: subscription.endpoint });
  await subscription.unsubscribe();
}

// At the start of the app: once a session, and again when the commune changed or somebody signed in or out.
export async function keep() {
  if (/^\/dang-(nhap|xuat)\//.test(location.pathname)) return sessionStorage.removeItem(KEPT);
  const mark = `at ${atomUid()}`;
  if (sessionStorage.getItem(KEPT) === mark) return;
  const subscription = await current();
  if (!subscription) return;
  try {
    await tell(subscription);
    sessionStorage.setItem(KEPT, mark);
  } catch (problem) {
    // 409: the server no longer knows this phone (switched off elsewhere): the switch shows it as off
    if (problem.status === 409) await subscription.unsubscribe();
  }
}
