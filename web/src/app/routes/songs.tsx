import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Lid } from '@/components/lid';
import { LoveButton } from '@/features/likes/components/love-button';
import { popularSongsOptions } from '@/features/songs/api/get-popular-songs';
import { songsOptions } from '@/features/songs/api/get-songs';
import { GenreChips } from '@/features/songs/components/genre-chips';
import { SearchField } from '@/features/songs/components/search-field';
import { SongList } from '@/features/songs/components/song-list';
import { useSongsQuery } from '@/features/songs/hooks/use-songs-query';
import { genresOf } from '@/features/songs/lib/genres';
import { formatCount } from '@/lib/format';
import { useTranslation } from '@/lib/i18n/use-translation';
import { useTitle } from '@/lib/use-title';
import { useRadio } from '../radio-context';

export default function SongsRoute() {
  const { t } = useTranslation('songs');
  const { onAir } = useRadio();
  const [query, change] = useSongsQuery();
  const { data } = useInfiniteQuery(songsOptions(query));
  const { data: popular = [], isPending: genresOnTheirWay } = useQuery(popularSongsOptions());
  const total = data?.pages[0]?.pagination.totalSongs;
  const genres = genresOf(popular, query.genre);
  useTitle(t('title'));
  return (
    <>
      <Lid>
        <h1 className="title">
          {t('title')} <span className="led">{total === undefined ? '' : formatCount(total)}</span>
        </h1>
        <SearchField q={query.q} onSearch={(q) => change({ q })} />
      </Lid>
      <main className="page page--list" id="content">
        {genresOnTheirWay && genres.length === 0 && <div className="chips chips--room" />}
        {genres.length > 0 && (
          <GenreChips
            genres={genres}
            chosen={query.genre}
            onChoose={(genre) => change({ genre })}
          />
        )}
        <SongList
          query={query}
          onChange={change}
          onAirId={onAir.current?._id ?? null}
          heart={(song) => <LoveButton song={song} />}
        />
      </main>
    </>
  );
}
