// [data-map-public], [data-map-one]: draws the map once it comes near the screen.
import { oneMap, publicMap } from "./report-map.js";

export function start(place) {
  if ("mapPublic" in place.dataset) {
    publicMap(place);
    return;
  }
  const watch = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      oneMap(place).catch(() => {
        place.hidden = true; // the words below say where it is
      });
    },
    { rootMargin: "200px" },
  );
  watch.observe(place);
}
