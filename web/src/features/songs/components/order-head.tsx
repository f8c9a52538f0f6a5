import { SORTS, type Sort } from '../api/get-songs';

const LABELS: Record<Sort, string> = {
  likes: 'Likes',
  plays: 'Plays',
  recent: 'Recent',
  popular: 'Popular',
};

interface OrderHeadProps {
  sort: Sort;
  onSort: (sort: Sort) => void;
}

/** The list's own head is its order. On a desk the columns stand below it. */
export function OrderHead({ sort, onSort }: OrderHeadProps) {
  return (
    <>
      <div className="sorts" role="group" aria-label="Order">
        {SORTS.map((one) => (
          <button
            key={one}
            type="button"
            className="sort"
            aria-pressed={one === sort}
            onClick={() => onSort(one)}
          >
            {LABELS[one]}
          </button>
        ))}
      </div>
      <div className="cols" aria-hidden="true">
        <span />
        <span>Title</span>
        <span>Genre</span>
        <span>Plays</span>
        <span>Time</span>
        <span>Likes</span>
      </div>
    </>
  );
}
