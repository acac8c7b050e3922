// [data-alert-map]: the warning's ground on the map of communes, drawn once it comes near the screen.
import { drawn } from "./report-map.js";

async function draw(place) {
  const { L, map } = await drawn(place);
  const response = await fetch(place.dataset.area);
  if (!response.ok) throw new Error(String(response.status));
  const layer = L.geoJSON(await response.json(), { interactive: false, style: { className: "alert-ground" } }).addTo(map);
  map.fitBounds(layer.getBounds(), { maxZoom: 13, padding: [16, 16] });
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
