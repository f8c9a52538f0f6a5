/** Every page of the app, with something to wait for; a song and a playlist of the station among them. */
export interface Walked {
  path: string;
  /** What stands there once the page has what it needs. */
  shows: string;
}

export async function everyPage(station: string): Promise<Walked[]> {
  const get = async <T>(path: string): Promise<T> =>
    ((await (await fetch(station + path)).json()) as { data: T }).data;
  const { songs } = await get<{ songs: { _id: string }[] }>('/v1/songs?limit=1');
  const { playlists } = await get<{ playlists: { _id: string }[] }>('/v1/playlists?limit=1');
  return [
    { path: '/', shows: '.next .row' },
    { path: '/songs', shows: '#content .rows--songs .row' },
    { path: `/songs/${songs[0]?._id ?? ''}`, shows: '.facts' },
    { path: '/playlists', shows: '.card' },
    { path: '/playlists/featured', shows: '.card' },
    { path: `/playlists/${playlists[0]?._id ?? ''}`, shows: '.rows--tracks .row' },
    { path: '/history', shows: '#content .window' },
    { path: '/about', shows: '.keys' },
    { path: '/mine', shows: '#forget' },
    { path: '/offline', shows: '#h-kept' },
    { path: '/nowhere', shows: '#content .window' },
  ];
}
