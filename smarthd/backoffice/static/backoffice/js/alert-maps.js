// [data-shown-area]: the ground of one warning. [data-help-map]: where people call for help; its points are read from the list, which keeps itself up to date.
import { choose, ground } from "./alert-ground.js";

async function shownArea(place) {
  const { L, map, units } = await ground(place);
  const codes = new Set(place.dataset.shownArea.split(" ").filter(Boolean));
  const chosen = units.filter((one) => codes.has(one.feature.properties.code));
  chosen.forEach((one) => choose(one, true));
  const ring = place.dataset.ring.split(" ").filter(Boolean).map((point) => point.split(",").map(Number).reverse());
  const drawn = ring.length ? L.polygon(ring, { className: "area-ring", interactive: false }).addTo(map) : null;
  const bounds = chosen.reduce((all, one) => all.extend(one.getBounds()), L.latLngBounds(drawn ? drawn.getBounds() : []));
  if (bounds.isValid()) map.fitBounds(bounds, { maxZoom: 13, padding: [16, 16] });
  place.dataset.drawn = "";
}

async function helpMap(place) {
  const { L, map } = await ground(place);
  const marks = L.layerGroup().addTo(map);
  let known = "";
  function show() {
    const points = [...document.querySelectorAll("[data-help-points] li")];
    const mark = points.map((one) => one.dataset.uid + one.dataset.state).join();
    if (mark === known) return;
    known = mark;
    marks.clearLayers();
    for (const one of points) {
      const icon = L.divIcon({ className: "help-hit", html: `<span class="help-mark help-mark-${one.dataset.state === "assigned" ? "assigned" : "open"}"></span>`, iconSize: [44, 44] });
      L.marker([Number(one.dataset.lat), Number(one.dataset.lon)], { icon, title: one.textContent })
        .on("click", () => document.getElementById(one.dataset.uid)?.scrollIntoView({ block: "center" }))
        .addTo(marks);
    }
    place.dataset.shown = String(points.length);
    if (points.length) map.fitBounds(L.latLngBounds(points.map((one) => [Number(one.dataset.lat), Number(one.dataset.lon)])), { maxZoom: 14, padding: [24, 24] });
  }
  show();
  setInterval(show, 2000);
}

export function start(place) {
  const draw = "helpMap" in place.dataset ? helpMap : shownArea;
  draw(place).catch(() => {
    place.hidden = true; // the list says the same
  });
}
