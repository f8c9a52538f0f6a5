import { useTranslation } from '@/lib/i18n/use-translation';

interface GenreChipsProps {
  genres: readonly string[];
  chosen: string;
  onChoose: (genre: string) => void;
}

export function GenreChips({ genres, chosen, onChoose }: GenreChipsProps) {
  const { t } = useTranslation('songs');
  return (
    <div className="chips" role="group" aria-label={t('columns.genre')}>
      {['', ...genres].map((genre) => (
        <button
          key={genre}
          type="button"
          className="chip"
          aria-pressed={genre === chosen}
          onClick={() => onChoose(genre)}
        >
          <bdi>{genre === '' ? t('allGenres') : genre}</bdi>
        </button>
      ))}
    </div>
  );
}
