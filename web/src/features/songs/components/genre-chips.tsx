interface GenreChipsProps {
  genres: readonly string[];
  chosen: string;
  onChoose: (genre: string) => void;
}

export function GenreChips({ genres, chosen, onChoose }: GenreChipsProps) {
  return (
    <div className="chips" role="group" aria-label="Genre">
      {['', ...genres].map((genre) => (
        <button
          key={genre}
          type="button"
          className="chip"
          aria-pressed={genre === chosen}
          onClick={() => onChoose(genre)}
        >
          {genre === '' ? 'All' : genre}
        </button>
      ))}
    </div>
  );
}
