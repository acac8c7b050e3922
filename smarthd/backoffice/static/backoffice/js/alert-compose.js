// form[data-composer]: the map and the list of communes as one, a polygon drawn by points, presets along a river, who would be told, and the
// phone's card as it will look. Everything works from the plain list without this.
import { choose, ground } from "./alert-ground.js";

export function start(form) {
  const words = form.dataset;
  const ticks = [...form.querySelectorAll('input[name="communes"]')];
  const byUid = new Map(ticks.map((tick) => [tick.value, tick]));
  const order = ticks.filter((tick) => tick.checked).map((tick) => tick.value);
  const find = (selector) => form.querySelector(selector);
  const csrf = form.elements.csrfmiddlewaretoken.value;
  let units = new Map();

  // --- communes -----------------------------------------------------------------------------------------------------
  function set(uid, chosen) {
    const tick = byUid.get(uid);
    if (!tick) return;
    tick.checked = chosen;
    const place = order.indexOf(uid);
    if (chosen && place < 0) order.push(uid);
    if (!chosen && place >= 0) order.splice(place, 1);
    const unit = units.get(uid);
    if (unit) choose(unit, chosen);
  }

  let asked;
  function count() {
    clearTimeout(asked);
    asked = setTimeout(tellAudience, 250);
  }

  async function tellAudience() {
    const said = find("[data-audience-said]");
    if (!order.length) {
      said.textContent = said.dataset.none;
      return;
    }
    said.textContent = `${order.length} ${words.wordsCommunes}…`;
    try {
      const response = await fetch(words.audience, { method: "POST", headers: { "content-type": "application/json", "x-csrftoken": csrf }, body: JSON.stringify(order) });
      if (!response.ok) throw new Error(String(response.status));
      const told = await response.json();
      const phones = told.phones === null ? words.wordsNopush : `${told.phones.toLocaleString("vi-VN")} ${words.wordsPhones}`;
      said.textContent = `${told.communes} ${words.wordsCommunes}: ${told.people.toLocaleString("vi-VN")} ${words.wordsPeople} · ${phones}`;
    } catch {
      said.textContent = `${order.length} ${words.wordsCommunes}`;
    }
  }
  find("[data-audience-said]").dataset.none = find("[data-audience-said]").textContent;

  ticks.forEach((tick) =>
    tick.addEventListener("change", () => {
      set(tick.value, tick.checked);
      count();
    }),
  );
  const every = (chosen) => () => {
    ticks.forEach((tick) => set(tick.value, chosen));
    count();
  };
  find("[data-all]").addEventListener("click", every(true));
  find("[data-none]").addEventListener("click", every(false));

  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
  find("[data-commune-filter]")?.addEventListener("input", (event) => {
    const wanted = fold(event.target.value.trim());
    for (const tick of ticks) {
      const label = tick.closest(".choice");
      label.hidden = wanted !== "" && !fold(label.textContent).includes(wanted);
    }
  });

  // --- presets ------------------------------------------------------------------------------------------------------
  for (const preset of form.querySelectorAll("[data-preset]")) {
    const all = preset.dataset.preset.split(" ").filter(Boolean);
    const from = () => all.indexOf(preset.querySelector("[data-preset-from]").value);
    const take = (some) => () => {
      some().forEach((uid) => set(uid, true));
      count();
    };
    preset.querySelector("[data-preset-all]").addEventListener("click", take(() => all));
    preset.querySelector("[data-preset-down]")?.addEventListener("click", take(() => all.slice(from())));
    preset.querySelector("[data-preset-up]")?.addEventListener("click", take(() => all.slice(0, from() + 1)));
  }
  const keep = find("[data-preset-keep]");
  keep?.addEventListener("click", async () => {
    const body = new FormData();
    body.set("name", find("[data-preset-name]").value);
    body.set("along", "1");
    order.forEach((uid) => body.append("communes", uid));
    const response = await fetch(keep.dataset.presetKeep, { method: "POST", headers: { accept: "application/json", "x-csrftoken": csrf }, body }).catch(() => null);
    find("[data-preset-said]").textContent = response?.ok ? keep.dataset.wordsKept : keep.dataset.wordsFailed;
  });

  // --- the map and the drawn polygon ----------------------------------------------------------------------------------
  const place = find("[data-area-map]");
  ground(place)
    .then(({ L, map, units: found }) => {
      units = new Map(found.map((one) => [one.feature.properties.uid, one]));
      order.forEach((uid) => units.get(uid) && choose(units.get(uid), true));
      let drawing = null;
      let ring = null;
      for (const [uid, unit] of units)
        unit.on("click", () => {
          if (drawing) return;
          set(uid, !byUid.get(uid)?.checked);
          count();
        });

      const field = form.elements.ring;
      const undraw = find("[data-undraw]");
      function show(points) {
        ring?.remove();
        ring = points.length ? L.polygon(points.map(([lon, lat]) => [lat, lon]), { className: "area-ring", interactive: false }).addTo(map) : null;
        undraw.hidden = !points.length;
        field.value = points.length ? JSON.stringify(points) : "";
      }
      if (field.value) show(JSON.parse(field.value));
      undraw.addEventListener("click", () => show([]));
      find("[data-draw]").addEventListener("click", () => {
        show([]);
        drawing = { points: [], line: L.polyline([], { className: "area-ring", interactive: false }).addTo(map) };
        find("[data-draw-hint]").hidden = false;
        place.dataset.drawing = "";
      });
      map.on("click", ({ latlng, containerPoint }) => {
        if (!drawing) return;
        const first = drawing.points[0];
        const home = first && map.latLngToContainerPoint([first[1], first[0]]).distanceTo(containerPoint) < 18;
        if (home && drawing.points.length >= 3) {
          drawing.line.remove();
          show(drawing.points);
          drawing = null;
          delete place.dataset.drawing;
          find("[data-draw-hint]").hidden = true;
          return;
        }
        drawing.points.push([Number(latlng.lng.toFixed(5)), Number(latlng.lat.toFixed(5))]);
        drawing.line.addLatLng(latlng);
      });
      place.dataset.drawn = "";
    })
    .catch(() => {
      place.hidden = true;
      find("[data-commune-list]").open = true;
    });

  // --- the phone's card -----------------------------------------------------------------------------------------------
  function preview() {
    const status = form.elements.status?.value || "";
    const mark = { Exercise: words.wordsDrill, Test: words.wordsTest }[status];
    const headline = form.elements.headline_vi.value;
    find("[data-preview-title]").textContent = mark ? `${mark}: ${headline}` : headline;
    find("[data-preview-body]").textContent = form.elements.instruction_vi.value.slice(0, 240);
    find("[data-letters]").textContent = `${headline.length}/${words.most} ${words.wordsLetters}`;
    const tests = find('[data-when-status="Test"]');
    if (tests) tests.hidden = status !== "Test";
  }
  form.addEventListener("input", preview);
  preview();
  count();
}
