import { Search } from 'pixelarticons/react/Search.js';
import { useTranslation } from '@/lib/i18n/use-translation';
import { useTypedSearch } from '../hooks/use-typed-search';

interface SearchFieldProps {
  q: string;
  onSearch: (q: string) => void;
}

/** Search as you type. */
export function SearchField({ q, onSearch }: SearchFieldProps) {
  const { t } = useTranslation('songs');
  const [text, type] = useTypedSearch(q, onSearch);
  return (
    <label className="field field--search">
      <Search className="i" aria-hidden="true" />
      <span className="vh">{t('search')}</span>
      <input
        type="search"
        placeholder={t('searchHint')}
        autoComplete="off"
        enterKeyHint="search"
        value={text}
        onChange={(event) => type(event.target.value)}
      />
    </label>
  );
}
