import { useEffect } from 'preact/hooks';
import { go } from './router.ts';

/** What the keyboard can do everywhere; pages mark what it acts on: `data-row`, `data-key`, `data-search`. */
export interface Shortcut {
  readonly keys: string;
  readonly does: string;
}

export const listKeys: readonly Shortcut[] = [
  { keys: '/', does: 'search' },
  { keys: 'j k', does: 'next, previous row' },
  { keys: 'Enter', does: 'open the row' },
  { keys: 'r', does: 'replay (asks first)' },
  { keys: 'Esc', does: 'cancel, close' },
  { keys: '?', does: 'show or hide this list' },
];

const patienceMillis = 1200;

/** `places`: where `g` and a letter lead. */
export function useKeys(
  places: Readonly<Record<string, string>>,
  setHelp: (next: (shown: boolean) => boolean) => void,
) {
  useEffect(() => {
    let goneAt = 0;
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const target = Date.now() - goneAt < patienceMillis ? places[event.key] : undefined;
      goneAt = event.key === 'g' ? Date.now() : 0;
      if (target !== undefined) go(target);
      else if (event.key === '?') setHelp((shown) => !shown);
      else if (event.key === 'Escape') close();
      else if (event.key === '/') focusOn('[data-search]');
      else if (event.key === 'j') move(1);
      else if (event.key === 'k') move(-1);
      else if (event.key === 'r') focusOn('[data-key="r"]');
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);

    function close(): void {
      setHelp(() => false);
      document.querySelector<HTMLElement>('main [data-cancel]')?.click();
    }
  }, [places, setHelp]);
}

function isTyping(event: KeyboardEvent): boolean {
  const [origin] = event.composedPath();
  if (!(origin instanceof HTMLElement)) return false;
  return origin.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(origin.tagName);
}

function focusOn(selector: string): void {
  const found = document.querySelector<HTMLElement>(`main ${selector}`);
  found?.focus();
  if (found instanceof HTMLButtonElement) found.click();
}

/** Rows are links, so Enter opens them by itself. */
function move(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')];
  const here = rows.indexOf(document.activeElement as HTMLElement);
  const next = here === -1 && step === -1 ? rows.length - 1 : here + step;
  rows[Math.max(0, Math.min(rows.length - 1, next))]?.focus();
}
