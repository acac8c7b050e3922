// Maps of reports on our own boundaries: one to pin a place, one of a single report, one of all. Leaflet is fetched when a map is asked for.
const ZOOM = { vi: ["Phóng to", "Thu nhỏ"], en: ["Zoom in", "Zoom out"] };
const PROVINCE = [[20.6, 106.1], [21.25, 106.75]];

async function leaflet(place) {
  const styles = place.dataset.leafletCss;
  if (styles && !document.querySelector(`link[href="${styles}"]`)) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = styles;
    const loaded = new Promise((resolve, reject) => {
      link.addEventListener("load", resolve);
      link.addEventListener("error", reject);
    });
    document.head.append(link);
    await loaded;
  }
  if (!window.L) await import(place.dataset.leaflet);
  return window.L;
}

// The empty map with its ground; names of communes are said by the page beside it.
export async function drawn(place) {
  const L = await leaflet(place);
  const response = await fetch(place.dataset.ground);
  if (!response.ok) throw new Error(`no ground: ${response.status}`);
  const ground = await response.json();
  const map = L.map(place, { attributionControl: false, zoomControl: false, minZoom: 8, maxZoom: 18, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false });
  const [zoomInTitle, zoomOutTitle] = ZOOM[document.documentElement.lang] ?? ZOOM.vi;
  L.control.zoom({ zoomInTitle, zoomOutTitle }).addTo(map);
  place.setAttribute("role", "application");
  place.setAttribute("aria-label", place.dataset.wordsLabel);
  const layer = L.geoJSON(ground, { interactive: false, className: "ground", style: { className: "ground" } }).addTo(map);
  const names = L.layerGroup();
  for (const one of layer.getLayers()) {
    const name = L.divIcon({ className: "ground-name", html: "", iconSize: [110, 20] });
    const mark = L.marker(one.getBounds().getCenter(), { icon: name, interactive: false, keyboard: false });
    mark.on("add", () => {
      mark.getElement().textContent = one.feature.properties.name;
      mark.getElement().setAttribute("aria-hidden", "true");
    });
    names.addLayer(mark);
  }
  const nameWhenNear = () => (map.getZoom() >= 12 ? names.addTo(map) : names.remove());
  map.on("zoomend", nameWhenNear);
  map.once("load", nameWhenNear);
  return { L, map, bounds: mainland(L, layer.getLayers()) };
}

// The ground people live on together: an island a day's journey away is reached by moving the map.
function mainland(L, units) {
  const middles = units.map((one) => one.getBounds().getCenter());
  const middle = (values) => values.sort((one, other) => one - other)[Math.floor(values.length / 2)];
  const lat = middle(middles.map((one) => one.lat));
  const lon = middle(middles.map((one) => one.lng));
  const near = units.filter((_, index) => Math.abs(middles[index].lat - lat) < 0.5 && Math.abs(middles[index].lng - lon) < 0.5);
  const bounds = near.reduce((all, one) => all.extend(one.getBounds()), L.latLngBounds([]));
  return bounds.isValid() ? bounds : L.latLngBounds(PROVINCE);
}

export function pin(L) {
  const sprite = document.querySelector("svg.icon use").getAttribute("href").split("#")[0];
  return L.divIcon({
    className: "map-pin",
    html: `<svg class="icon" aria-hidden="true" focusable="false"><use href="${sprite}#pin"></use></svg>`,
    iconSize: [44, 44],
    iconAnchor: [22, 42],
  });
}

export async function pinMap(place, point, moved) {
  const { L, map, bounds } = await drawn(place);
  if (point) map.setView(point, 14);
  else map.fitBounds(bounds);
  let mark = null;
  function put(where) {
    if (!mark) {
      mark = L.marker(where, { icon: pin(L), draggable: true, title: place.dataset.wordsLabel }).addTo(map);
      mark.on("dragend", () => moved(mark.getLatLng().lat, mark.getLatLng().lng));
    } else mark.setLatLng(where);
  }
  if (point) put(point);
  map.on("click", ({ latlng }) => {
    put(latlng);
    moved(latlng.lat, latlng.lng);
  });
  place.dataset.drawn = "";
  return {
    move: (lat, lon) => {
      put([lat, lon]);
      map.setView([lat, lon], 14);
    },
  };
}

export async function oneMap(place) {
  const { L, map } = await drawn(place);
  const where = [Number.parseFloat(place.dataset.lat), Number.parseFloat(place.dataset.lon)];
  map.setView(where, 14);
  L.marker(where, { icon: pin(L), interactive: false, keyboard: false }).addTo(map);
  place.dataset.drawn = "";
}

export const across = (group) => (group.count === 1 && group.reports.length ? 44 : Math.min(72, 44 + Math.round(Math.log2(group.count) * 3)));

// Groups that would lie on one another become one: a finger meets what it aims at, and every number can be read.
export function apart(map, groups) {
  let made = groups.map((group) => ({ ...group, at: map.latLngToContainerPoint([group.lat, group.lon]) })).sort((one, other) => other.count - one.count);
  for (let joined = true; joined; ) {
    joined = false;
    const kept = [];
    for (const group of made) {
      const near = kept.find((one) => one.at.distanceTo(group.at) < (across(one) + across(group)) / 2 - 4);
      if (!near) {
        kept.push(group);
        continue;
      }
      const count = near.count + group.count;
      near.lat = (near.lat * near.count + group.lat * group.count) / count;
      near.lon = (near.lon * near.count + group.lon * group.count) / count;
      near.count = count;
      near.reports = [...near.reports, ...group.reports];
      near.at = map.latLngToContainerPoint([near.lat, near.lon]);
      joined = true;
    }
    made = kept;
  }
  return made;
}

// What lies at one spot, each a link called by one of its fields.
export function linksTo(rows, name) {
  const list = document.createElement("ul");
  list.className = "map-links";
  list.append(
    ...rows.slice(0, 30).map((one) => {
      const item = document.createElement("li");
      item.append(Object.assign(document.createElement("a"), { href: one.href, textContent: one[name] }));
      return item;
    }),
  );
  return list;
}

// Asks what lies in the window that is seen; an answer that was overtaken by the next question is not shown.
export function windowAsked(map, address, show, failed) {
  let asking = null;
  return async () => {
    asking?.abort();
    asking = new AbortController();
    const seen = map.getBounds();
    const url = new URL(address, location.href);
    const edges = { tay: seen.getWest(), nam: seen.getSouth(), dong: seen.getEast(), bac: seen.getNorth(), z: map.getZoom() };
    for (const [name, value] of Object.entries(edges)) url.searchParams.set(name, String(value));
    try {
      const response = await fetch(url, { headers: { accept: "application/json" }, signal: asking.signal });
      if (!response.ok) throw new Error(String(response.status));
      show(await response.json());
    } catch (problem) {
      if (problem.name !== "AbortError") failed(problem);
    }
  };
}

export async function publicMap(place) {
  const words = place.dataset;
  const said = document.querySelector("[data-map-said]");
  let drawing;
  try {
    drawing = await drawn(place);
  } catch {
    said.textContent = words.wordsFailed;
    return;
  }
  const { L, map, bounds } = drawing;
  const marks = L.layerGroup().addTo(map);

  function icon(one) {
    return L.divIcon({ className: "map-hit", html: `<span class="map-mark mark-${one.stand || "moi"}"></span>`, iconSize: [44, 44] });
  }

  function show(told) {
    marks.clearLayers();
    const clusters = told.clusters.map(([lat, lon, count]) => ({ lat, lon, count, reports: [] }));
    const points = told.points.map((one) => ({ lat: one.lat, lon: one.lon, count: 1, reports: [one] }));
    for (const group of apart(map, [...clusters, ...points])) {
      if (group.count === 1 && group.reports.length) showOne(group.reports[0]);
      else showMany(group);
    }
    said.textContent = `${told.count.toLocaleString("vi-VN")} ${words.wordsCount}`;
    place.dataset.shown = String(told.count);
  }

  function showOne(one) {
    L.marker([one.lat, one.lon], { icon: icon(one), title: one.code })
      .on("click", () => location.assign(one.href))
      .addTo(marks);
  }

  // Many at one spot open as a list where the map cannot part them any more.
  function showMany(group) {
    const size = across(group);
    const cluster = L.divIcon({ className: "cluster", html: String(group.count), iconSize: [size, size] });
    const where = [group.lat, group.lon];
    L.marker(where, { icon: cluster, title: `${words.wordsNear} ${group.count} ${words.wordsReports}` })
      .on("click", () => {
        if (map.getZoom() < 17 || !group.reports.length) map.setView(where, Math.min(18, map.getZoom() + 2));
        else L.popup().setLatLng(where).setContent(linksTo(group.reports, "code")).openOn(map);
      })
      .addTo(marks);
  }

  const ask = windowAsked(map, words.points, show, () => {
    said.textContent = words.wordsFailed;
  });
  map.on("moveend", () => {
    history.replaceState(null, "", `#${map.getZoom()}/${map.getCenter().lat.toFixed(4)}/${map.getCenter().lng.toFixed(4)}`);
    ask();
  });
  const [zoom, lat, lon] = location.hash.slice(1).split("/").map(Number);
  if ([zoom, lat, lon].every(Number.isFinite) && zoom >= 8) map.setView([lat, lon], zoom);
  else if (words.lat && words.lon) map.setView([Number.parseFloat(words.lat), Number.parseFloat(words.lon)], 13);
  else map.fitBounds(bounds);
}
