import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { makeQueryClient } from '@/lib/query-client';
import { songSchema } from '@/lib/schemas/song';
import { fakeFetch, yes } from '@/testing/fake-fetch';
import { wireSong } from '@/testing/songs';
import { songOptions } from '../api/get-song';
import { beginWithBroughtSong } from './brought-song';

afterEach(() => {
  document.body.innerHTML = '';
  vi.unstubAllGlobals();
});

const brings = (text: string): void => {
  document.body.innerHTML = `<script type="application/json" id="song">${text}</script>`;
};

function Heart({ id }: { id: string }) {
  const { data } = useQuery(songOptions(id));
  return <p>{data === undefined ? 'nothing' : `${data.likes} ${data.isLikedByUser}`}</p>;
}

test('the song of the page is there at once, and the listener’s own heart follows', async () => {
  const song = wireSong(1, { likes: 4, isLikedByUser: false });
  brings(JSON.stringify({ success: true, data: song }));
  const asked = fakeFetch(() => yes({ ...song, likes: 5, isLikedByUser: true }));
  const client = makeQueryClient();
  beginWithBroughtSong(client);
  render(
    <QueryClientProvider client={client}>
      <Heart id={songSchema.parse(song)._id} />
    </QueryClientProvider>,
  );
  expect(screen.getByText('4 false')).toBeInTheDocument();
  expect(await screen.findByText('5 true')).toBeInTheDocument();
  expect(asked).toHaveLength(1);
});

test.each(['', 'no answer at all', '{}', '{"data":{"_id":"1"}}'])(
  'what cannot be read is left alone: %s',
  (text) => {
    brings(text);
    const client = makeQueryClient();
    beginWithBroughtSong(client);
    expect(client.getQueryCache().getAll()).toHaveLength(0);
  },
);
