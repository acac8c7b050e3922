// The map of a dataset: a pin a row, each a link to its page; what would lie on one another is counted. The list below it is its twin.
// Few rows come at once and the map works without signal; of many the server tells what lies in the window that is seen.
import { across, apart, drawn, linksTo, pin, windowAsked } from "./report-map.js";

const NEAREST = 17;
const short = new Intl.NumberFormat("vi-VN", { notation: "compact", maximumFractionDigits: 1 });

export async function start(place) {
  const words = place.dataset;
  const said = document.querySelector("[data-map-said]");
  try {
    const { L, map, bounds } = await drawn(place);
    const response = await fetch(words.points);
    if (!response.ok) throw new Error(`no points: ${response.status}`);
    const told = await response.json();
    const marks = L.layerGroup().addTo(map);

    function showMany(group) {
      const size = across(group);
      const html = group.count < 10_000 ? group.count.toLocaleString("vi-VN") : short.format(group.count);
      const icon = L.divIcon({ className: "cluster", html, iconSize: [size, size] });
      const where = [group.lat, group.lon];
      L.marker(where, { icon, title: `${group.count.toLocaleString("vi-VN")} ${words.wordsItems}` })
        .on("click", () => {
          if (map.getZoom() < NEAREST || !group.reports.length) map.setView(where, Math.min(NEAREST + 1, map.getZoom() + 2));
          else L.popup().setLatLng(where).setContent(linksTo(group.reports, "title")).openOn(map);
        })
        .addTo(marks);
    }

    function show({ points, clusters = [] }) {
      marks.clearLayers();
      const many = clusters.map(([lat, lon, count]) => ({ lat, lon, count, reports: [] }));
      const single = points.map((one) => ({ lat: one.lat, lon: one.lon, count: 1, reports: [one] }));
      for (const group of apart(map, [...many, ...single])) {
        const [one] = group.reports;
        if (group.count > 1 || !one) showMany(group);
        else L.marker([one.lat, one.lon], { icon: pin(L), title: one.title }).on("click", () => location.assign(one.href)).addTo(marks);
      }
    }

    function showAll() {
      const found = L.latLngBounds(told.points.map((one) => [one.lat, one.lon]));
      if (told.points.length) map.fitBounds(found.pad(0.1), { maxZoom: 14 });
      else map.fitBounds(bounds);
      map.on("zoomend", () => show(told));
      show(told);
      words.shown = String(told.points.length);
    }

    function say(sentence) {
      said.hidden = false;
      said.textContent = sentence;
    }

    function showWindow(held) {
      show(held);
      say(`${held.count.toLocaleString("vi-VN")} ${words.wordsWindow}`);
      words.shown = String(held.count);
    }

    if (told.whole) showAll();
    else {
      map.on("moveend", windowAsked(map, words.points, showWindow, () => say(words.wordsFailed)));
      map.fitBounds(bounds);
    }
    words.drawn = "";
  } catch (problem) {
    place.textContent = words.wordsFailed;
    console.warn(problem);
  }
}
