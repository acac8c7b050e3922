// [data-shelters]: sorts the list by how far each place is from where the phone stands. The position stays on the phone; works without a network.
const EARTH_KM = 6371.0088;
const radians = (degrees) => (degrees * Math.PI) / 180;

function kilometres(from, to) {
  const north = radians(to.lat - from.lat);
  const east = radians(to.lon - from.lon);
  const part = Math.sin(north / 2) ** 2 + Math.cos(radians(from.lat)) * Math.cos(radians(to.lat)) * Math.sin(east / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.sqrt(part));
}

const written = (far) => (far < 1 ? `${Math.max(50, Math.round(far * 20) * 50)} m` : `${far.toFixed(1).replace(".", ",")} km`);

export function start(section) {
  const list = section.querySelector("ul");
  const button = section.querySelector("[data-shelters-near]");
  const failed = () => {
    button.disabled = false;
    if (!section.querySelector("[data-shelters-said]")) {
      const said = Object.assign(document.createElement("p"), { className: "small", textContent: section.dataset.wordsFailed });
      said.setAttribute("role", "status");
      said.dataset.sheltersSaid = "";
      button.after(said);
    }
  };
  button.addEventListener("click", () => {
    button.disabled = true;
    if (!navigator.geolocation) return failed();
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        section.querySelector("[data-shelters-said]")?.remove();
        button.disabled = false;
        const here = { lat: coords.latitude, lon: coords.longitude };
        const rows = [...list.children].map((row) => {
          const far = row.dataset.lat ? kilometres(here, { lat: Number(row.dataset.lat), lon: Number(row.dataset.lon) }) : Infinity;
          if (far < Infinity) row.querySelector("[data-shelter-far]").textContent = `${section.dataset.wordsNear} ${written(far)}`;
          return [row.dataset.stand === "full", far, row];
        });
        rows.sort(([full, far], [otherFull, otherFar]) => full - otherFull || (far === otherFar ? 0 : far - otherFar));
        list.append(...rows.map(([, , row]) => row));
      },
      failed,
      { timeout: 10000, maximumAge: 300000 },
    );
  });
}
