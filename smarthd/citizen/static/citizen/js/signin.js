// form[data-signin-install]: tells with the sign-in which install this is, so that the account can be put on it.
// Only the installed app and a phone that already has an identifier of its own say anything; a plain browser stays silent.
function standalone() {
  return window.matchMedia("(display-mode: standalone)").matches || window.navigator.standalone === true || sessionStorage.getItem("nguon") === "ung-dung";
}

function platform() {
  const agent = navigator.userAgent;
  if (/Android/i.test(agent)) return "android";
  if (/iPhone|iPad|iPod/i.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1)) return "ios";
  return /Windows|Macintosh|Linux|CrOS/.test(agent) ? "desktop" : "other";
}

async function installUid() {
  await import("../../ui/js/store.js")
    .then(() => import("./outbox.js"))
    .catch(() => {});
  const outbox = self.SmarthdOutbox;
  if (!outbox) return "";
  return standalone() ? await outbox.installUid() : (await outbox.fact("install_uid")) || "";
}

for (const form of document.querySelectorAll("form[data-signin-install]")) {
  installUid().then((uid) => {
    if (!uid) return;
    form.elements.namedItem("install_uid").value = uid;
    form.elements.namedItem("platform").value = platform();
    form.elements.namedItem("standalone").value = standalone() ? "True" : "";
  });
}
