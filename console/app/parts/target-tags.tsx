import type { Status } from '../api-types.ts';

/** Where events go, if that isn't Meta's production: nobody should take one for the other. */
export function TargetTags({ status }: { readonly status: Status }) {
  const { target, testMode } = status;
  return (
    <>
      {target.kind !== 'meta' && (
        <span class="tag" title={target.url}>
          {target.kind === 'sandbox' ? 'sandbox' : 'not Meta'}
        </span>
      )}
      {testMode.length > 0 && (
        <span
          class="tag test"
          title="Meta shows them in the Events Manager under Test events, and measures by them too"
        >
          test mode
        </span>
      )}
    </>
  );
}
