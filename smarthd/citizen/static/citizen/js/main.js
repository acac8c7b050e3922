// The citizen's behaviours: registered once, loaded only where the page has something for them.
const behaviours = {
  "[data-install]": () => import("./install.js"),
  "[data-locate]": () => import("./position.js"),
  "[data-consent]": () => import("./consent.js"),
  "[data-consent-follow]": () => import("./consent-follow.js"),
  "[data-saved-pages]": () => import("./saved-pages.js"),
  "[data-push-wishes]": () => import("./push-wishes.js"),
  "[data-read-seconds]": () => import("./reading.js"),
  "[data-offline-strip]": () => import("./offline.js"),
  "[data-report]": () => import("./report-form.js"),
  "[data-report-outbox]": () => import("./report-outbox.js"),
  "[data-alerts-live]": () => import("./alert-live.js"),
  "[data-alert-page]": () => import("./alert-page.js"),
  "[data-alert-answer]": () => import("./alert-answer.js"),
  "[data-alert-map]": () => import("./alert-map.js"),
  "[data-shelters]": () => import("./shelters.js"),
  "[data-map-public], [data-map-one]": () => import("./report-maps.js"),
  "[data-map-dataset]": () => import("./dataset-map.js"),
  "[data-idea-place]": () => import("./idea-place.js"),
  "[data-read-aloud]": () => import("./read-aloud.js"),
  "[data-video]": () => import("./video.js"),
  "[data-share]": () => import("./share.js"),
  "[data-near]": () => import("./near.js"),
  "[data-copy-filter]": () => import("./copy-filter.js"),
  "[data-keep-copy]": () => import("./copy-keep.js"),
};

for (const [selector, load] of Object.entries(behaviours)) {
  const found = document.querySelectorAll(selector);
  if (found.length) load().then((behaviour) => found.forEach((element) => behaviour.start(element)));
}

// After the page is usable: the worker and the counting.
const idle = window.requestIdleCallback || ((act) => setTimeout(act, 200));
idle(() => {
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js");
  import("./measure.js").then((measure) => measure.start());
  if ("PushManager" in window && Notification.permission === "granted") import("./push.js").then((push) => push.keep());
});
