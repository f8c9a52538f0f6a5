interface PixelPictureProps {
  /** Rows of dots; a letter is a colour, a point is none. */
  rows: readonly string[];
}

/** One path per colour: runs of dots, row by row. */
function pathsOf(rows: readonly string[]): Map<string, string> {
  const paths = new Map<string, string>();
  rows.forEach((row, y) => {
    for (const run of row.matchAll(/([a-z])\1*/g)) {
      const [dots, letter = ''] = run;
      paths.set(
        letter,
        `${paths.get(letter) ?? ''}M${run.index} ${y}h${dots.length}v1h-${dots.length}z`,
      );
    }
  });
  return paths;
}

/** A small picture of dots; `dots.css` gives the letters their colours. */
export function PixelPicture({ rows }: PixelPictureProps) {
  const width = Math.max(...rows.map((row) => row.length));
  return (
    <svg className="dots" viewBox={`0 0 ${width} ${rows.length}`} aria-hidden="true">
      {[...pathsOf(rows)].map(([letter, path]) => (
        <path key={letter} d={path} data-dot={letter} />
      ))}
    </svg>
  );
}
