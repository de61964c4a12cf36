import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { hasMoved } from '../lib/router.ts';

interface TopProps {
  /** Names the page in the browser's tab. */
  readonly title: string;
  /** The one sentence. */
  readonly children: ComponentChildren;
  readonly after?: ComponentChildren;
  readonly actions?: ComponentChildren;
  /** A change of state is told to who listens to the page; what changes with every event is not. */
  readonly announce?: string;
}

/** What a page begins with: the answer to its first question, in words. */
export function Top({ title, children, after, actions, announce }: TopProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · meta-actions`;
    // After a move to another page, the keyboard and the screen reader begin at its sentence.
    if (!hasMoved()) return;
    if (document.activeElement === document.body || document.activeElement?.closest('.rail') != null)
      heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <header class="top">
      <div>
        <h1 ref={heading} tabIndex={-1}>
          {children}
        </h1>
        {after !== undefined && <div class="after">{after}</div>}
      </div>
      {actions !== undefined && <div class="actions">{actions}</div>}
      <div class="hidden-visually" role="status">
        {announce}
      </div>
    </header>
  );
}
