// Puts this one page by, with the files it is made of, so that it opens in a village without a network.
// The page holds nothing about anybody; the worker gives it back only at its own address (docs/adr/0009-visits-offline.md).
const SHELLS = "shells-1";

export async function keepShell() {
  if (!("caches" in window) || !navigator.onLine) return;
  await navigator.serviceWorker?.ready;
  const cache = await caches.open(SHELLS);
  const page = await fetch(location.pathname, { headers: { accept: "text/html" } });
  if (!page.ok || page.redirected) return;
  await cache.put(location.pathname, page);
  const used = performance.getEntriesByType("resource").map((entry) => entry.name);
  const linked = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((element) => element.href || element.src);
  const wanted = new Set([...used, ...linked].filter((address) => new URL(address).pathname.startsWith("/static/")));
  await Promise.all([...wanted].map(async (address) => (await caches.match(address)) || cache.add(address)));
  navigator.storage?.persist?.();
  document.documentElement.dataset.shellKept = "";
}
