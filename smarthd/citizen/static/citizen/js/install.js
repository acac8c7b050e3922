// [data-install]: the install button where the browser offers one; hidden where the app already runs from the home screen.
import { standalone } from "./measure.js";

export function start(card) {
  const button = card.querySelector("[data-install-button]");
  let offer = null;
  if (standalone()) {
    card.querySelector("[data-install-done]").hidden = false;
    return;
  }
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event;
    card.querySelector("[data-install-offer]").hidden = false;
  });
  window.addEventListener("appinstalled", () => {
    card.querySelector("[data-install-offer]").hidden = true;
    card.querySelector("[data-install-done]").hidden = false;
  });
  button.addEventListener("click", async () => {
    if (!offer) return;
    await offer.prompt();
    offer = null;
    card.querySelector("[data-install-offer]").hidden = true;
  });
}
