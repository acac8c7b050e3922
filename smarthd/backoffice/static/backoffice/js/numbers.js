// Numbers as Vietnamese write them: 1.234 or 1 234 or 1234, decimals with a comma.
const WRITTEN = /^(?:-?\d{1,3}(?:[. ]\d{3})+(?:,\d+)?|-?\d+(?:[.,]\d+)?)$/;
const shape = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 2 });

// The number typed, or null where there is none to read.
export function parse(text) {
  const typed = text.trim().replace(/\s+/g, " ");
  if (!WRITTEN.test(typed)) return null;
  return Number(typed.replace(/(\d)[. ](?=\d{3}(?:\D|$))/g, "$1").replace(",", "."));
}

export const write = (number) => shape.format(number);
