// Where it is: the phone's own position, a pin on the map, or a commune by name. The last one given counts.
import { pinMap } from "./report-map.js";

export function startPlace(form, changed) {
  const words = form.dataset;
  const said = form.querySelector("[data-place-said]");
  const name = form.elements.commune_name;
  const frame = form.querySelector("[data-map-pin]");
  const opener = form.querySelector("[data-place-pin]");
  const here = form.querySelector("[data-place-here]");
  let map = null;

  if (!("geolocation" in navigator)) here.hidden = true;
  here.addEventListener("click", () => {
    say(words.wordsLocating);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        put(coords.latitude, coords.longitude, "gps", Math.round(coords.accuracy));
        say(`${words.wordsPosition} ${Math.round(coords.accuracy)} m. ${navigator.onLine ? "" : words.wordsOfflinePlace}`);
        map?.move(coords.latitude, coords.longitude);
      },
      () => say(words.wordsNoPosition),
      { timeout: 15000, maximumAge: 60000, enableHighAccuracy: true },
    );
  });
  opener.addEventListener("click", async () => {
    frame.hidden = !frame.hidden;
    form.querySelector("[data-pin-help]").hidden = frame.hidden;
    opener.setAttribute("aria-expanded", String(!frame.hidden));
    if (frame.hidden || map) return;
    try {
      map = await pinMap(frame, point(), (lat, lon) => {
        put(lat, lon, "pin", "");
        say(words.wordsPinned);
      });
    } catch {
      frame.hidden = true;
      say(words.wordsNoPosition);
    }
  });
  // Who types or picks a commune means it: the point no longer counts.
  const byName = () => {
    for (const field of ["lat", "lon", "accuracy_m", "place_source"]) form.elements[field].value = "";
    said.replaceChildren();
    changed();
  };
  name.addEventListener("input", byName);
  name.addEventListener("chosen", byName);

  function point() {
    const lat = Number.parseFloat(form.elements.lat.value);
    const lon = Number.parseFloat(form.elements.lon.value);
    return Number.isFinite(lat) && Number.isFinite(lon) ? [lat, lon] : null;
  }

  function put(lat, lon, source, accuracy) {
    form.elements.lat.value = lat.toFixed(6);
    form.elements.lon.value = lon.toFixed(6);
    form.elements.accuracy_m.value = accuracy;
    form.elements.place_source.value = source;
    changed();
  }

  function say(text) {
    const line = document.createElement("p");
    line.textContent = text;
    said.replaceChildren(line);
  }

  return {
    show: () => {
      if (point()) say(words.wordsPinned);
    },
    // The server named the commune of the point: the box shows it.
    named: (unit) => {
      if (!unit || !point()) return;
      name.value = unit.textContent;
      document.getElementById("id_commune").value = unit.dataset.unit;
    },
  };
}
