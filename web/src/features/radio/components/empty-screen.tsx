import { HeartLine } from '@/components/drawn-icons';

/** A station without songs: friendly, and it says what to do. */
export const EmptyScreen = () => (
  <div className="empty-screen">
    <HeartLine aria-hidden="true" />
    <p className="name">Nothing on air yet</p>
    <p className="by">Add songs, and the music starts here by itself.</p>
  </div>
);
