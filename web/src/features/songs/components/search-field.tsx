import { Search } from 'pixelarticons/react/Search.js';
import { useEffect, useState } from 'react';
import { useSettled } from '../hooks/use-settled';

const REST_MS = 250;

interface SearchFieldProps {
  q: string;
  onSearch: (q: string) => void;
}

/** Search as you type. */
export function SearchField({ q, onSearch }: SearchFieldProps) {
  const [text, setText] = useState(q);
  const settled = useSettled(text.trim(), REST_MS);
  useEffect(() => onSearch(settled), [settled, onSearch]);
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
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}
