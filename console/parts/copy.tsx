import { useState } from 'preact/hooks';

/** Copies what is shown, no more. */
export function Copy({ text, name = 'Copy' }: { readonly text: string; readonly name?: string }) {
  const [done, setDone] = useState<'copied' | 'refused'>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone('copied');
    } catch {
      setDone('refused');
    }
    setTimeout(() => setDone(undefined), 2000);
  };
  const said = done === 'copied' ? 'Copied' : 'Not allowed here';
  return (
    <button type="button" class="copy" onClick={() => void copy()} aria-live="polite">
      {done === undefined ? name : said}
    </button>
  );
}

export function download(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
