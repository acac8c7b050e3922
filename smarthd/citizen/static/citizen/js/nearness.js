// Kilometres between two points of a province: the earth is flat enough there.
const KM_A_DEGREE = 111.2;

export function kilometres(lat, lon, toLat, toLon) {
  const east = (toLon - lon) * Math.cos((lat * Math.PI) / 180);
  return Math.hypot(toLat - lat, east) * KM_A_DEGREE;
}
