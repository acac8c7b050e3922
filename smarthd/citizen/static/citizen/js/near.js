// "Gần tôi": asks the phone where it is and shows what is nearest first. With data-points the reckoning is done on the phone and
// the position goes nowhere; only a dataset too large for that is asked for by its address.
import { kilometres } from "./nearness.js";

const SHOWN = 30;

const SVG = "http://www.w3.org/2000/svg";

function call(one, button) {
  const link = Object.assign(document.createElement("a"), { className: "call row-call", href: `tel:${one.phone}` });
  link.setAttribute("aria-label", `${button.dataset.wordsCall} ${one.title} ${one.phone}`);
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  const drawn = document.createElementNS(SVG, "use");
  drawn.setAttribute("href", button.querySelector("use").getAttribute("href").replace(/#.*/, "#phone"));
  icon.append(drawn);
  link.append(icon);
  return link;
}

function line(one, button) {
  const item = Object.assign(document.createElement("li"), { className: "row-line" });
  const link = Object.assign(document.createElement("a"), { className: "list-item grow", href: one.href });
  const words = Object.assign(document.createElement("span"), { className: "grow" });
  const title = Object.assign(document.createElement("span"), { className: "list-title", lang: "vi", textContent: one.title });
  const far = Object.assign(document.createElement("span"), { className: "list-note", textContent: ` ${one.km.toLocaleString("vi-VN", { maximumFractionDigits: 1, minimumFractionDigits: 1 })} km` });
  words.append(title, far);
  if (one.note) words.append(document.createElement("br"), Object.assign(document.createElement("span"), { className: "list-note", lang: "vi", textContent: one.note }));
  link.append(words);
  item.append(link);
  if (one.phone) item.append(call(one, button));
  return item;
}

function panel(button) {
  const known = document.querySelector("[data-near-found]");
  if (known) return known;
  const made = document.createElement("section");
  made.dataset.nearFound = "";
  made.tabIndex = -1;
  button.closest(".chips").after(made);
  return made;
}

async function showNear(button, coords) {
  const response = await fetch(button.dataset.points);
  if (!response.ok) throw new Error(`no points: ${response.status}`);
  const { points } = await response.json();
  const near = points
    .map((one) => ({ ...one, km: kilometres(coords.latitude, coords.longitude, one.lat, one.lon) }))
    .sort((a, b) => a.km - b.km)
    .slice(0, SHOWN);
  const place = panel(button);
  const list = Object.assign(document.createElement("ul"), { className: "list" });
  list.append(...near.map((one) => line(one, button)));
  place.replaceChildren(
    Object.assign(document.createElement("h2"), { textContent: button.dataset.wordsTitle }),
    Object.assign(document.createElement("p"), { className: "small soft", textContent: button.dataset.wordsKept }),
    list,
  );
  place.focus();
}

function askServer(coords) {
  const address = new URL(location.href);
  address.searchParams.set("lat", coords.latitude.toFixed(4));
  address.searchParams.set("lon", coords.longitude.toFixed(4));
  address.searchParams.delete("cursor");
  location.assign(address);
}

export async function start(button) {
  button.addEventListener("click", () => {
    button.disabled = true;
    const failed = () => {
      button.disabled = false;
      button.after(Object.assign(document.createElement("span"), { className: "small", role: "status", textContent: button.dataset.wordsFailed }));
    };
    if (!navigator.geolocation) {
      failed();
      return;
    }
    const found = async ({ coords }) => {
      if (!button.dataset.points) {
        askServer(coords);
        return;
      }
      try {
        await showNear(button, coords);
        button.disabled = false;
      } catch {
        failed();
      }
    };
    navigator.geolocation.getCurrentPosition(found, failed, { timeout: 10000 });
  });
}
