// What is counted: that the app was opened, and the acts that have value. Only after the reader agreed – or, of a signed-in member of
// staff who was told so, for the order's level of use alone (cookie smarthd_lenh, set with the words and taken away by signing out).
import "../../ui/js/store.js";
import "./outbox.js";

const outbox = self.SmarthdOutbox;
const FROM_APP = "ung-dung";
const ORDER = "smarthd_lenh";

export const standalone = () =>
  window.matchMedia("(display-mode: standalone)").matches ||
  window.navigator.standalone === true ||
  sessionStorage.getItem("nguon") === FROM_APP;

function platform() {
  const agent = navigator.userAgent;
  if (/Android/i.test(agent)) return "android";
  if (/iPhone|iPad|iPod/i.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1)) return "ios";
  return /Windows|Macintosh|Linux|CrOS/.test(agent) ? "desktop" : "other";
}

function cookie(name) {
  const pair = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return pair ? decodeURIComponent(pair.slice(name.length + 1)) : "";
}

// The commune an act belongs to: its uid as the API writes it.
export const atomUid = () =>
  cookie("smarthd_xa").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") || null;

export async function start() {
  const query = new URLSearchParams(location.search);
  if (query.get("nguon") === FROM_APP) sessionStorage.setItem("nguon", FROM_APP);
  if (query.get("to")) await outbox.setFact("team_code", query.get("to").slice(0, 24));
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-value-action]");
    if (target) count(target.dataset.valueAction);
  });
  window.addEventListener("online", flush);
  await remember();
  await followOrder();
  if (await outbox.counts()) await launched();
  await outbox.tellWithdrawal().catch(() => {});
  await flush();
}

// The facts a first opening is told with; kept on the device, sent only after agreement.
async function remember() {
  if (!(await outbox.fact("opened_at"))) await outbox.setFact("opened_at", new Date().toISOString());
  await outbox.setFact("platform", platform());
  await outbox.setFact("atom_uid", atomUid());
  if (standalone()) await outbox.setFact("standalone", true);
}

// The cookie says whether an order asks for this person's level; what the server ended is ended here too.
async function followOrder() {
  if ((await outbox.fact("order")) === "ended") {
    document.cookie = `${ORDER}=; path=/; max-age=0; samesite=lax`;
    await outbox.setFact("order", false);
  }
  const asked = cookie(ORDER) === "1";
  if (asked && !(await outbox.byOrder())) await outbox.setFact("order", true);
  if (!asked && (await outbox.byOrder())) await outbox.endOrder();
}

// One launch a session of the installed app.
async function launched() {
  if (!standalone() || sessionStorage.getItem("launched")) return;
  sessionStorage.setItem("launched", "1");
  await outbox.add("launch", { atomUid: atomUid() });
}

export async function count(action) {
  if (await outbox.add(action, { atomUid: atomUid() })) await flush();
}

export async function agreedNow(wordingVersion) {
  await remember();
  await outbox.agree(wordingVersion);
  await launched();
  await flush();
}

export async function takenBack() {
  await outbox.takeBack().catch(() => {});
}

export const agreed = () => outbox.agreed();

export async function flush() {
  try {
    if (await outbox.flush()) return;
  } catch {
    // no network: what waits is sent by the browser later, or at the next opening
  }
  const worker = await navigator.serviceWorker?.ready;
  await worker?.sync?.register("smarthd-outbox").catch(() => {});
}
