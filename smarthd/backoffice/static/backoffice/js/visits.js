// Behaviours of a team's phone: registered once, loaded only where the page has something for them.
const behaviours = {
  "[data-visit-log]": () => import("./visit-log.js"),
  "[data-visits-waiting]": () => import("./visits-waiting.js"),
};

for (const [selector, load] of Object.entries(behaviours)) {
  const found = document.querySelectorAll(selector);
  if (found.length) load().then((behaviour) => found.forEach((element) => behaviour.start(element)));
}
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js");
