// [data-idea-place]: pins where an idea would be; the map is fetched when it is asked for, and can be left out.
import { pinMap } from "./report-map.js";

export function start(place) {
  const [lat, lon] = ["lat", "lon"].map((name) => place.querySelector(`[name="${name}"]`));
  const open = place.querySelector("[data-pin-open]");
  const drop = place.querySelector("[data-pin-drop]");
  const said = place.querySelector("[data-pin-said]");
  const frame = document.getElementById(open.getAttribute("aria-controls"));
  const moved = (north, east) => {
    lat.value = north.toFixed(6);
    lon.value = east.toFixed(6);
    drop.hidden = false;
    said.textContent = said.dataset.wordsPinned;
  };
  open.addEventListener("click", async () => {
    frame.hidden = !frame.hidden;
    open.setAttribute("aria-expanded", String(!frame.hidden));
    if (frame.hidden || "drawn" in frame.dataset) return;
    try {
      await pinMap(frame, lat.value ? [Number(lat.value), Number(lon.value)] : null, moved);
    } catch {
      frame.hidden = true;
      said.textContent = said.dataset.wordsFailed;
    }
  });
  drop.addEventListener("click", () => {
    lat.value = "";
    lon.value = "";
    drop.hidden = true;
    said.textContent = "";
  });
}
