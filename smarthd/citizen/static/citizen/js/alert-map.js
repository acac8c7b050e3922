// [data-alert-map]: the warning's ground on the map of communes and the shelters of the list below, drawn once it comes near the screen.
import { drawn } from "./report-map.js";

async function draw(place) {
  const { L, map } = await drawn(place);
  const response = await fetch(place.dataset.area);
  if (!response.ok) throw new Error(String(response.status));
  const layer = L.geoJSON(await response.json(), { interactive: false, style: { className: "alert-ground" } }).addTo(map);
  map.fitBounds(layer.getBounds(), { maxZoom: 13, padding: [16, 16] });
  for (const shelter of document.querySelectorAll("[data-shelter][data-lat]")) {
    const { lat, lon, stand, name } = shelter.dataset;
    L.circleMarker([Number(lat), Number(lon)], { radius: 8, className: `shelter-point shelter-${stand}` })
      .bindTooltip(name, { direction: "top" })
      .addTo(map);
  }
  place.dataset.drawn = "";
}

export function start(place) {
  const watch = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      draw(place).catch(() => {
        place.hidden = true; // the names above say where it is
      });
    },
    { rootMargin: "200px" },
  );
  watch.observe(place);
}
