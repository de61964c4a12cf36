import type { Telemetry } from '../core/ports.ts';
import type { Condition } from './condition.ts';

/** Whether the last reload of the configuration was refused. */
export function createReloadRefused(): { readonly observer: Telemetry; conditions(): readonly Condition[] } {
  let isRefused = false;
  return {
    observer: {
      emit(event) {
        if (event.kind === 'config_refused') isRefused = true;
        if (event.kind === 'config_reloaded') isRefused = false;
      },
    },
    conditions() {
      if (!isRefused) return [];
      // The refusal itself quotes lines of files.
      const message = 'The log names file, line and column.';
      return [{ kind: 'reload_refused', subject: 'the new configuration', code: 'CONFIG_REFUSED', message }];
    },
  };
}
