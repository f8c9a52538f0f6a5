import { Spark } from './drawn-icons';

export const FeaturedChip = () => (
  <span className="foil">
    <Spark className="i" aria-hidden="true" />
    <span className="led">Featured</span>
  </span>
);
