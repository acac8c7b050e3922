// Boxes in the phone's own storage (IndexedDB). Shared by the pages (imported for its effect, before what uses it) and the service worker
// (put in front of it): self.SmarthdStore.
self.SmarthdStore = (() => {
  // Returns inStore(store, mode, act) for one database; `stores`: name → options of its object store. A storage that could not be
  // opened is asked for again the next time.
  function box(name, stores, options) {
    let opened;

    function open() {
      opened ||= new Promise((resolve, reject) => {
        const request = indexedDB.open(name, 1);
        request.onupgradeneeded = () => {
          for (const [store, keyed] of Object.entries(stores)) request.result.createObjectStore(store, keyed);
        };
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => {
          opened = undefined;
          reject(request.error);
        };
      });
      return opened;
    }

    // `act` is given the object store; what its request brought comes back when all is kept.
    return async function inStore(store, mode, act) {
      const database = await open();
      return new Promise((resolve, reject) => {
        const transaction = database.transaction(store, mode, options);
        const request = act(transaction.objectStore(store));
        transaction.oncomplete = () => resolve(request?.result);
        transaction.onerror = () => reject(transaction.error);
        transaction.onabort = () => reject(transaction.error);
      });
    };
  }

  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  return { box, newId };
})();
