import type { ComponentChildren } from 'preact';

/** What would be here, for who sees the page before there is anything. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return (
    <div class="empty">
      <p>{children}</p>
    </div>
  );
}

/** Nothing yet, because the answer is on its way, or didn't come. */
export function Waiting({ error }: { readonly error: Error | undefined }) {
  return error === undefined ? <p class="quiet">…</p> : <Trouble error={error} />;
}

export function Trouble({ error }: { readonly error: Error }) {
  return (
    <p class="notice" role="alert">
      {error.message}
    </p>
  );
}
