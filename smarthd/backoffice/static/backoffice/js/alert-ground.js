// The map of today's communes that the pages of warnings share: our own boundaries, no tiles from anybody. Leaflet is fetched when a map is asked for.
export async function ground(place) {
  if (!window.L) await import(place.dataset.leaflet);
  const L = window.L;
  const response = await fetch(place.dataset.ground);
  if (!response.ok) throw new Error(`no ground: ${response.status}`);
  const map = L.map(place, { attributionControl: false, zoomControl: false, minZoom: 8, maxZoom: 18, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false });
  L.control.zoom({ zoomInTitle: "Phóng to", zoomOutTitle: "Thu nhỏ" }).addTo(map);
  place.setAttribute("role", "application");
  place.setAttribute("aria-label", place.dataset.wordsLabel);
  const layer = L.geoJSON(await response.json(), { style: { className: "area-unit" } }).addTo(map);
  const units = layer.getLayers();
  for (const one of units) one.bindTooltip(one.feature.properties.name);
  map.fitBounds(mainland(L, units));
  return { L, map, units };
}

// The ground people live on together; an island a day's journey away is reached by moving the map.
function mainland(L, units) {
  const middles = units.map((one) => one.getBounds().getCenter());
  const middle = (values) => [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
  const lat = middle(middles.map((one) => one.lat));
  const lon = middle(middles.map((one) => one.lng));
  const near = units.filter((_, index) => Math.abs(middles[index].lat - lat) < 0.5 && Math.abs(middles[index].lng - lon) < 0.5);
  return near.reduce((all, one) => all.extend(one.getBounds()), L.latLngBounds([]));
}

export const choose = (unit, chosen) => unit.getElement()?.classList.toggle("is-chosen", chosen);
