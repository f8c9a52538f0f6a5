import { useQuery } from '@tanstack/react-query';
import { songCountOptions } from '@/features/songs/api/get-songs';
import { plural } from '@/lib/format';

export function Footer() {
  const { data } = useQuery(songCountOptions());
  return (
    <footer className="foot">
      <span className="led">{data === undefined ? '' : plural(data, 'song', 'songs')}</span>
      <a href="/docs">API</a>
    </footer>
  );
}
