import type { Shortcut } from '../lib/keys.ts';

export function KeyHelp({ shortcuts, close }: { readonly shortcuts: readonly Shortcut[]; readonly close: () => void }) {
  return (
    <aside class="keys" aria-label="Keys">
      <h2>Keys</h2>
      <dl>
        {shortcuts.map(({ keys, does }) => (
          <>
            <dt>
              {keys.split(' ').map((key) => (
                <>
                  <kbd>{key}</kbd>{' '}
                </>
              ))}
            </dt>
            <dd>{does}</dd>
          </>
        ))}
      </dl>
      <button type="button" class="plain" onClick={close}>
        Close
      </button>
    </aside>
  );
}
