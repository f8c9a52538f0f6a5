import { t } from './i18n/i18n';
import { notify } from './notices';

/** The browser's own share sheet, or the link in the clipboard, or at least the link to read. */
export async function share(title: string, text: string, path: string): Promise<void> {
  const url = new URL(path, window.location.origin).href;
  if (typeof navigator.share === 'function') {
    try {
      await navigator.share({ title, text, url });
      return;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return; // they thought better of it
    }
  }
  try {
    await navigator.clipboard.writeText(url);
    notify(t('shell:link.copied'));
  } catch {
    notify(t('shell:link.read', { url }));
  }
}
