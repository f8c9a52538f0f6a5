/** Ground and figure, one pair per face. */
const COLOURS = [
  ['#c9f1ff', '#0b6fc0'],
  ['#ffe6b0', '#c24a00'],
  ['#ffd0e6', '#e8127d'],
  ['#e4dbff', '#5a35b8'],
  ['#ccf5e4', '#0a6b57'],
  ['#dcf9b0', '#3a7d10'],
] as const;

export interface Face {
  ground: string;
  figure: string;
  /** Path of the figure in an 8 × 8 grid; its eyes are at (2,3) and (5,3). */
  path: string;
}

function hashOf(text: string): number {
  let hash = 2166136261;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619) >>> 0;
  return hash;
}

/** A small symmetric creature, the same for the same name everywhere. */
export function faceOf(name: string): Face {
  const hash = hashOf(name);
  const [ground, figure] = COLOURS[hash % COLOURS.length] ?? COLOURS[0];
  let bits = hash >>> 4;
  const chance = (): boolean => {
    const on = (bits & 1) === 1;
    bits >>>= 1;
    return on;
  };
  let path = '';
  for (let y = 1; y <= 6; y += 1) {
    for (const x of [1, 2, 3]) {
      const eye = x === 2 && y === 3;
      const body = (x === 3 && y >= 2 && y <= 5) || (x === 2 && y === 4);
      if (!eye && (body || chance())) path += `M${x} ${y}h1v1h-1zM${7 - x} ${y}h1v1h-1z`;
    }
  }
  return { ground, figure, path };
}
