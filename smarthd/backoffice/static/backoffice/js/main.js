// Behaviours only the officials' desk has, found by their data- attribute. Pages work without any of them.
const behaviours = {
  "form[data-filing]": () => import("./filing.js"),
  "[data-sealed]": () => import("./sealed.js"),
  "[data-live-every]": () => import("./live.js"),
  "[data-drawing-up]": () => import("./drawing-up.js"),
  "form[data-alike]": () => import("./alike.js"),
  "form[data-ticks]": () => import("./ticks.js"),
  "form[data-composer]": () => import("./alert-compose.js"),
  "[data-shown-area], [data-help-map]": () => import("./alert-maps.js"),
  "form[data-columns]": () => import("./columns.js"),
  "[data-tick-all]": () => import("./tick-all.js"),
};

for (const [selector, load] of Object.entries(behaviours)) {
  const found = document.querySelectorAll(selector);
  if (found.length) load().then((behaviour) => found.forEach((element) => behaviour.start(element)));
}
