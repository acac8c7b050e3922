// What waits on the phone to be counted, and the few facts that go with it: IndexedDB "smarthd", stores events and facts.
// Shared by the pages (imported for its effect) and the service worker (put in front of it): self.SmarthdOutbox.
// Nothing is written before the reader agreed, or was told as a member of staff that an order asks for their level ("order": then
// neither place nor kind of phone goes along). Every event carries an id of its own, so sending twice counts once.
self.SmarthdOutbox = (() => {
  const MOST_KEPT = 500;
  const BATCH = 100;
  const { newId } = self.SmarthdStore;
  const inStore = self.SmarthdStore.box("smarthd", { events: { keyPath: "id" }, facts: {} });

  const fact = (key) => inStore("facts", "readonly", (store) => store.get(key));
  const setFact = (key, value) => inStore("facts", "readwrite", (store) => store.put(value, key));
  const waiting = () => inStore("events", "readonly", (store) => store.getAll());
  const forget = (ids) => inStore("events", "readwrite", (store) => void ids.forEach((id) => store.delete(id)));

  async function installUid() {
    let uid = await fact("install_uid");
    if (!uid) {
      uid = newId();
      await setFact("install_uid", uid);
    }
    return uid;
  }

  async function agreed() {
    return (await fact("consent"))?.given === true;
  }

  // Whether an order asks for this person's level: true, false, or "ended" when the server said that it does no longer.
  const byOrder = async () => (await fact("order")) === true;
  const counts = async () => (await agreed()) || (await byOrder());

  // Put one act into the box. Without agreement and without an order nothing is written.
  async function add(action, { atomUid } = {}) {
    if (!(await counts())) return false;
    const more = (await agreed()) ? { atom_uid: atomUid ?? null } : {};
    const held = await waiting();
    if (held.length >= MOST_KEPT) await forget(held.slice(0, held.length - MOST_KEPT + 1).map((event) => event.id));
    const event = { id: newId(), action, at: new Date().toISOString(), ...more };
    await inStore("events", "readwrite", (store) => store.put(event));
    return true;
  }

  async function send(address, body) {
    return fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(body),
      keepalive: true,
    });
  }

  // An answer that will be the same for ever: the server understood and refused.
  const final = (response) => response.status >= 400 && response.status < 500 && ![401, 408, 425, 429].includes(response.status);

  // Tell the server that the app was opened here for the first time (again when it became an installed app).
  async function introduce() {
    const standalone = (await fact("standalone")) === true;
    const told = await fact("introduced");
    if (told && told.standalone === standalone) return true;
    const consent = await fact("consent");
    const response = await send("/api/v1/installs", {
      install_uid: await installUid(),
      standalone,
      ...(consent?.given
        ? {
            platform: (await fact("platform")) || "other",
            atom_uid: (await fact("atom_uid")) || null,
            opened_at: (await fact("opened_at")) || new Date().toISOString(),
            team_code: (await fact("team_code")) || "",
            consent: { purpose: "usage", wording_version: consent.wording_version },
          }
        : {}),
    });
    if (!response.ok) return false;
    await setFact("introduced", { standalone, at: new Date().toISOString() });
    return true;
  }

  let sending = null;

  // Send what waits; one sending at a time. True when the box is empty afterwards.
  function flush() {
    sending ||= sendAll().finally(() => {
      sending = null;
    });
    return sending;
  }

  async function sendAll() {
    if (!(await counts())) return true;
    if ((await agreed()) && !(await introduce())) return false;
    for (;;) {
      const batch = (await waiting()).sort((a, b) => (a.at < b.at ? -1 : 1)).slice(0, BATCH);
      if (!batch.length) return true;
      const response = await send("/api/v1/activity", { install_uid: await installUid(), events: batch });
      if (!response.ok && !final(response)) return false;
      if (!response.ok) console.warn(`activity refused: ${response.status}`);
      await forget(batch.map((event) => event.id));
      if (!(await agreed()) && !(await stillOrdered(response))) return true;
    }
  }

  // By order the app on the home screen introduces itself only after the server knew its person as staff.
  async function stillOrdered(response) {
    if (!response.ok) return true; // refused for a fault of the batch: it says nothing about the order
    if (!(await response.json()).by_order) {
      await endOrder("ended");
      return false;
    }
    return (await fact("standalone")) === true ? introduce() : true;
  }

  // Signed out, off the roster, or the order is carried out: what waits without consent is thrown away.
  async function endOrder(mark = false) {
    await setFact("order", mark);
    if (!(await agreed())) await inStore("events", "readwrite", (store) => store.clear());
  }

  async function agree(wordingVersion) {
    await setFact("consent", { given: true, wording_version: wordingVersion, at: new Date().toISOString() });
    await setFact("introduced", null);
  }

  // Taking back: what waits is thrown away, nothing more is written, the server is told.
  async function takeBack() {
    const consent = await fact("consent");
    await setFact("consent", { given: false, at: new Date().toISOString() });
    await inStore("events", "readwrite", (store) => store.clear());
    if (consent?.given) await setFact("owes_withdrawal", true);
    return tellWithdrawal();
  }

  async function tellWithdrawal() {
    if (!(await fact("owes_withdrawal"))) return true;
    const response = await send("/api/v1/installs/withdraw", { install_uid: await installUid(), purpose: "usage" });
    if (!response.ok && !final(response)) return false;
    await setFact("owes_withdrawal", false);
    await setFact("introduced", null);
    return true;
  }

  return { add, agree, agreed, byOrder, counts, endOrder, takeBack, tellWithdrawal, flush, fact, setFact, installUid, waiting };
})();
