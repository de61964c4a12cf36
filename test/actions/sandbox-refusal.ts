import { createDiagnostics } from '../../src/sandbox/conversions/diagnostics.ts';
import { validateEvent } from '../../src/sandbox/conversions/validate-event.ts';

/** Why the sandbox would refuse the event, and with it all the others of a request; undefined when it takes it. */
export function sandboxRefusal(body: unknown, now: number): unknown {
  return validateEvent(body, {
    index: 0,
    nowSeconds: now / 1000,
    strictIdentifiers: true,
    requireActionSource: true,
    diagnostics: createDiagnostics(),
  });
}
