import { type Api, apisOf, endingText, lifeOf, warningOf } from '../core/api-versions.ts';
import type { Clock, Telemetry } from '../core/ports.ts';
import type { Destination } from '../core/subscription.ts';

export interface ApiVersionWatchOptions {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** Tells how long Meta still takes the API versions of the destinations, and warns as the end comes near. */
export interface ApiVersionWatch {
  /** What ends within a month, with the last of the days that are told which has come. */
  endings(): readonly VersionEnding[];
  /** These are active from now on. */
  take(destinations: readonly Destination[]): void;
  /** Looks again from time to time, until it is stopped. */
  start(): void;
  stop(): void;
}

export interface VersionEnding {
  readonly destination: string;
  readonly api: Api;
  readonly warning: number;
  readonly message: string;
  readonly fix: string;
}

const soonDays = 30;
const checkMillis = 6 * 3_600_000;

export function createApiVersionWatch({ clock, telemetry }: ApiVersionWatchOptions): ApiVersionWatch {
  let active: readonly Destination[] = [];
  /** The last warning of each that is shown, as what is left at it. */
  const warned = new Map<string, string>();
  let shown = new Map<string, { readonly destination: string; readonly api: string }>();
  let endings: readonly VersionEnding[] = [];
  const stopped = new AbortController();

  function check(): void {
    const now = clock.now();
    const before = shown;
    shown = new Map();
    const found: VersionEnding[] = [];
    for (const { name: destination, settings, subscriptions } of active) {
      for (const api of apisOf(subscriptions)) {
        const { apiVersion } = settings;
        const life = lifeOf(apiVersion, api, now);
        const key = JSON.stringify([destination, api]);
        shown.set(key, { destination, api });
        telemetry.emit({ kind: 'api_version', destination, api, daysLeft: life?.daysLeft ?? Number.POSITIVE_INFINITY });
        const warning = life === undefined ? undefined : warningOf(life);
        if (life === undefined || warning === undefined) {
          warned.delete(key);
          continue;
        }
        const { message, fix } = endingText(apiVersion, life);
        if (warning <= soonDays) found.push({ destination, api, warning, message, fix });
        if (warned.get(key) !== `${apiVersion} ${warning}`) {
          warned.set(key, `${apiVersion} ${warning}`);
          const text = `destination ${destination}: ${message}: ${fix}`;
          telemetry.emit({ kind: 'warning', code: 'API_VERSION_ENDS', message: text });
        }
      }
    }
    endings = found;
    for (const [key, gone] of before) {
      if (shown.has(key)) continue;
      warned.delete(key);
      telemetry.emit({ kind: 'api_version', ...gone });
    }
  }

  async function checkAgain(): Promise<void> {
    while (!stopped.signal.aborted) {
      await clock.sleep(checkMillis, stopped.signal);
      if (!stopped.signal.aborted) check();
    }
  }

  return {
    endings: () => endings,
    take(destinations) {
      active = destinations;
      check();
    },
    start: () => void checkAgain(),
    stop: () => stopped.abort(),
  };
}
