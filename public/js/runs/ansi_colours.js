// The colours of a terminal as class names (runs.css has the colours). There are sixteen, chosen so that
// each can be read on the page's ground, light and dark; a program's 256 or 16 million colours become
// the nearest of them. No style attribute is ever written: the content policy forbids it.

/** What a terminal's sixteen colours look like, for finding the nearest. */
const SIXTEEN = [
  [0, 0, 0], [187, 0, 0], [0, 187, 0], [187, 187, 0], [0, 0, 187], [187, 0, 187], [0, 187, 187], [187, 187, 187],
  [85, 85, 85], [255, 85, 85], [85, 255, 85], [255, 255, 85], [85, 85, 255], [255, 85, 255], [85, 255, 255], [255, 255, 255],
];

/** 0–15 for three numbers from 0 to 255. */
export function nearest([red = 0, green = 0, blue = 0]) {
  const away = SIXTEEN.map(([r, g, b]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2);
  return away.indexOf(Math.min(...away));
}

/** 0–15 for a number of the palette of 256: sixteen, a cube of 6 × 6 × 6, 24 greys. */
export function ofPalette(number) {
  if (number < 16) return number;
  if (number >= 232) return nearest(Array(3).fill(8 + (number - 232) * 10));
  const level = (step) => (step === 0 ? 0 : 55 + step * 40);
  const cube = number - 16;
  return nearest([level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)]);
}

/** "f1 g4 bold": ink, ground and the rest of a pen. Empty for a plain one. */
export function classes({ ink, ground, inverse, ...rest }) {
  const [front, back] = inverse ? [ground ?? "ground", ink ?? "ink"] : [ink, ground];
  const marks = ["bold", "dim", "italic", "underline", "strike"].filter((name) => rest[name]);
  const colours = [front === null ? null : `f${front}`, back === null ? null : `g${back}`];
  return [...colours, ...marks].filter(Boolean).join(" ");
}
