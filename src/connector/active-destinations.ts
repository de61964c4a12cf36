import { messageOf } from '../core/errors.ts';
import type { Telemetry } from '../core/ports.ts';
import type { Secret } from '../core/settings.ts';
import type { Destination } from '../core/subscription.ts';
import { testEventCodes } from '../kit/test-event-code.ts';

/** The destinations that are active, and those that were. */
export interface ActiveDestinations {
  /**
   * Activates these after checking that their secrets can be read, and warns of what should not be in production.
   *
   * @throws ConnectorError `SECRET_MISSING`; the destinations before stay active.
   */
  activate(destinations: readonly Destination[]): void;
  /** The destination as it is now. A removed one as it was, because deliveries on their way still name it. */
  destinationOf(name: string): Destination | undefined;
  secrets(): readonly Secret[];
}

export function createActiveDestinations(telemetry: Telemetry): ActiveDestinations {
  const known = new Map<string, Destination>();
  let marked: readonly Marked[] = [];

  /** Meta uses test events for measurement, too: a code that was forgotten costs money. */
  function announceTestEventCodes(destinations: readonly Destination[]): void {
    const before = marked;
    marked = destinations.flatMap(markedBy);
    for (const of of before) telemetry.emit({ kind: 'test_event_code', ...of, marked: false });
    for (const of of marked) telemetry.emit({ kind: 'test_event_code', ...of, marked: true });
    for (const place of destinations.flatMap(carriersOfCodes)) {
      const message = `${place} sends every event with a test_event_code: remove it in production`;
      telemetry.emit({ kind: 'warning', code: 'TEST_EVENT_CODE', message });
    }
  }

  return {
    activate(destinations) {
      for (const secret of destinations.flatMap(secretsOf)) secret.read();
      for (const destination of destinations) known.set(destination.name, destination);
      announceTestEventCodes(destinations);
    },
    destinationOf: (name) => known.get(name),
    secrets: () => [...known.values()].flatMap(secretsOf),
  };
}

interface Marked {
  readonly destination: string;
  readonly subscription: string;
}

function markedBy(destination: Destination): readonly Marked[] {
  return testEventCodes(destination).subscriptions.map((subscription) => ({
    destination: destination.name,
    subscription,
  }));
}

function carriersOfCodes(destination: Destination): readonly string[] {
  const { wholeDestination, subscriptions } = testEventCodes(destination);
  const place = `destination ${destination.name}`;
  return wholeDestination ? [place] : subscriptions.map((id) => `subscription ${id} of ${place}`);
}

function secretsOf({ settings: { accessToken, appSecret } }: Destination): readonly Secret[] {
  return appSecret === undefined ? [accessToken] : [accessToken, appSecret];
}

export interface ReloadOptions {
  readonly activeDestinations: ActiveDestinations;
  readonly telemetry: Telemetry;
  /** The pipeline continues with these. */
  apply(destinations: readonly Destination[]): void;
}

/** Loads destinations and activates them; if any of them is wrong, nothing changes. True: they are active. */
export async function reload(load: () => Promise<readonly Destination[]>, options: ReloadOptions): Promise<boolean> {
  const { activeDestinations: current, telemetry, apply } = options;
  let next: readonly Destination[];
  try {
    next = await load();
    current.activate(next);
  } catch (error) {
    telemetry.emit({ kind: 'config_refused', message: messageOf(error) });
    return false;
  }
  apply(next);
  const subscriptions = next.reduce((sum, destination) => sum + destination.subscriptions.length, 0);
  telemetry.emit({ kind: 'config_reloaded', destinations: next.length, subscriptions });
  return true;
}
