// [data-keep-copy]: asks the service worker to keep the whole of a small dataset, of this version, before the network is gone.
export function start(link) {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.ready.then((registration) => registration.active?.postMessage({ keep: [link.getAttribute("href")] }));
}
