// The map of a dataset: a pin a row, each a link to its page; what would lie on one another is counted. The list below it is its twin.
import { across, apart, drawn, pin } from "./report-map.js";

const NEAREST = 17;

function links(rows) {
  const list = document.createElement("ul");
  list.className = "map-links";
  for (const one of rows.slice(0, 30)) {
    const link = Object.assign(document.createElement("a"), { href: one.href, textContent: one.title });
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  return list;
}

export async function start(place) {
  try {
    const { L, map, bounds } = await drawn(place);
    const response = await fetch(place.dataset.points);
    if (!response.ok) throw new Error(`no points: ${response.status}`);
    const { points } = await response.json();
    const marks = L.layerGroup().addTo(map);

    function showMany(group) {
      const size = across(group);
      const icon = L.divIcon({ className: "cluster", html: String(group.count), iconSize: [size, size] });
      const where = [group.lat, group.lon];
      L.marker(where, { icon, title: `${group.count} ${place.dataset.wordsItems}` })
        .on("click", () => {
          if (map.getZoom() < NEAREST) map.setView(where, Math.min(NEAREST, map.getZoom() + 2));
          else L.popup().setLatLng(where).setContent(links(group.reports)).openOn(map);
        })
        .addTo(marks);
    }

    function show() {
      marks.clearLayers();
      for (const group of apart(map, points.map((one) => ({ lat: one.lat, lon: one.lon, count: 1, reports: [one] })))) {
        const [one] = group.reports;
        if (group.count > 1) showMany(group);
        else L.marker([one.lat, one.lon], { icon: pin(L), title: one.title }).on("click", () => location.assign(one.href)).addTo(marks);
      }
    }

    const found = L.latLngBounds(points.map((one) => [one.lat, one.lon]));
    if (points.length) map.fitBounds(found.pad(0.1), { maxZoom: 14 });
    else map.fitBounds(bounds);
    map.on("zoomend", show);
    show();
    place.dataset.shown = String(points.length);
    place.dataset.drawn = "";
  } catch (problem) {
    place.textContent = place.dataset.wordsFailed;
    console.warn(problem);
  }
}
