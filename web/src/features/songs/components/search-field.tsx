import { Search } from 'pixelarticons/react/Search.js';
import { useTypedSearch } from '../hooks/use-typed-search';

interface SearchFieldProps {
  q: string;
  onSearch: (q: string) => void;
}

/** Search as you type. */
export function SearchField({ q, onSearch }: SearchFieldProps) {
  const [text, type] = useTypedSearch(q, onSearch);
  return (
    <label className="field field--search">
      <Search className="i" aria-hidden="true" />
      <span className="vh">Search</span>
      <input
        type="search"
        placeholder="Title or artist"
        autoComplete="off"
        enterKeyHint="search"
        value={text}
        onChange={(event) => type(event.target.value)}
      />
    </label>
  );
}
