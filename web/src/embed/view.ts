import type { EmbedSong } from './station-api';

function part<T extends Element>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`embed.html has no #${id}`);
  return found;
}

/** The page's few parts, and what can be shown in them. */
export class View {
  readonly video = part('video', HTMLVideoElement);
  /** Where the frames of other sites are put. */
  readonly frames = part('frames', HTMLElement);
  readonly join = part('join', HTMLButtonElement);
  readonly sound = part('sound', HTMLButtonElement);
  private readonly main = part('embed', HTMLElement);
  private readonly art = part('art', HTMLImageElement);
  private readonly note = part('note', HTMLElement);
  private readonly title = part('title', HTMLElement);
  private readonly artist = part('artist', HTMLElement);
  private readonly joinWord = part('join-word', HTMLElement);

  constructor(station: { href: string; label: string }, joinWord: string, muteWord: string) {
    const link = part('station', HTMLAnchorElement);
    link.href = station.href;
    link.setAttribute('aria-label', station.label);
    this.joinWord.textContent = joinWord;
    this.sound.setAttribute('aria-label', muteWord);
    // A cover that cannot be fetched leaves the plastic, not a broken picture.
    this.art.addEventListener('error', () => {
      this.art.hidden = true;
    });
  }

  /** Titles and names come from outside: they are set as text, and nothing of them is ever markup. */
  song(song: EmbedSong | null): void {
    this.title.textContent = song?.title ?? 'PopRadio';
    this.artist.textContent = song?.artist ?? '';
    if (song === null) {
      this.art.hidden = true;
    } else if (this.art.getAttribute('src') !== song.albumArt) {
      this.art.hidden = false;
      this.art.src = song.albumArt;
    }
    if ('mediaSession' in navigator && song !== null) {
      navigator.mediaSession.metadata = new MediaMetadata({
        title: song.title,
        artist: song.artist,
        artwork: [{ src: song.albumArt }],
      });
    }
  }

  say(sentence: string | null): void {
    this.note.hidden = sentence === null;
    if (this.note.textContent !== (sentence ?? '')) this.note.textContent = sentence;
  }

  /** Ready to be tapped, or not. */
  invite(inviting: boolean): void {
    this.join.hidden = !inviting;
    this.main.setAttribute('aria-busy', 'false');
    this.main.dataset.state = inviting ? 'ready' : 'playing';
  }

  /** `video` or `frame` once there is a picture to see; a medium without one leaves the cover in sight. */
  shows(what: 'art' | 'video' | 'sound' | 'frame'): void {
    this.main.dataset.shows = what === 'sound' ? 'video' : what;
    this.video.style.background = what === 'sound' ? 'transparent' : '';
  }
}
