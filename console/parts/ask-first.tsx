import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

interface AskFirstProps {
  /** What the button says, and what the second one says. */
  readonly name: string;
  readonly yes: string;
  /** What will happen, in a sentence. */
  readonly children: ComponentChildren;
  readonly act: () => Promise<void>;
  readonly disabled?: boolean;
  readonly shortcut?: string;
}

/** A change that is told before it is made, where the reader already looks. */
export function AskFirst({ name, yes, children, act, disabled = false, shortcut }: AskFirstProps) {
  const [state, setState] = useState<'closed' | 'asked' | 'acting'>('closed');
  const [error, setError] = useState<string>();
  const cancelled = useRef(false);
  const confirm = async () => {
    setState('acting');
    try {
      await act();
      setError(undefined);
      setState('closed');
    } catch (failed) {
      setError(failed instanceof Error ? failed.message : String(failed));
      setState('asked');
    }
  };
  if (state === 'closed')
    return (
      <button
        type="button"
        disabled={disabled}
        data-key={shortcut}
        onClick={() => setState('asked')}
        ref={(button) => {
          if (cancelled.current) focusOnce(button);
          cancelled.current = false;
        }}
      >
        {name}
      </button>
    );
  return (
    <fieldset class="ask">
      <legend class="hidden-visually">{name}</legend>
      <p>{error === undefined ? children : <span class="blocked">{error}</span>}</p>
      <button type="button" class="main" disabled={state === 'acting'} onClick={() => void confirm()} ref={focusOnce}>
        {yes}
      </button>
      <button
        type="button"
        class="plain"
        data-cancel
        onClick={() => {
          cancelled.current = true;
          setState('closed');
        }}
      >
        Cancel
      </button>
    </fieldset>
  );
}

function focusOnce(button: HTMLButtonElement | null): void {
  if (button !== null && !button.disabled) button.focus();
}
