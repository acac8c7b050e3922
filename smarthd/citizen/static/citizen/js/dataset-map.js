// The map of a dataset: a pin a row, each a link to its page; the list below it is its twin.
import { drawn, pin } from "./report-map.js";

export async function start(place) {
  try {
    const { L, map, bounds } = await drawn(place);
    map.fitBounds(bounds);
    const response = await fetch(place.dataset.points);
    if (!response.ok) throw new Error(`no points: ${response.status}`);
    const { points } = await response.json();
    const marks = points.map((one) => {
      const mark = L.marker([one.lat, one.lon], { icon: pin(L), title: one.title, alt: one.title });
      mark.on("click", () => location.assign(one.href));
      return mark.addTo(map);
    });
    if (marks.length) map.fitBounds(L.featureGroup(marks).getBounds().pad(0.1), { maxZoom: 14 });
    place.dataset.drawn = "";
  } catch (problem) {
    place.textContent = place.dataset.wordsFailed;
    console.warn(problem);
  }
}
