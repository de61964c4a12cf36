import { messageOf } from '../core/errors.ts';
import type { Telemetry } from '../core/ports.ts';
import type { Secret } from '../core/settings.ts';
import type { Destination } from '../core/subscription.ts';
import { testEventCodes } from '../kit/test-event-code.ts';

/** The destinations that are in force. */
export interface ActiveDestinations {
  /**
   * Puts these in force: their secrets are there, and what is worth a warning is told.
   *
   * @throws ConnectorError `SECRET_MISSING`; the ones before stay in force.
   */
  activate(destinations: readonly Destination[]): void;
  /** As it is now; of a removed one as it was, because what is on its way still names it. */
  destinationOf(name: string): Destination | undefined;
  secrets(): readonly Secret[];
}

export function createActiveDestinations(telemetry: Telemetry): ActiveDestinations {
  const known = new Map<string, Destination>();
  let marked: readonly Marked[] = [];

  /** Meta measures by test events too: one that was forgotten costs money. */
  function announceTestEventCodes(destinations: readonly Destination[]): void {
    const before = marked;
    marked = destinations.flatMap(markedBy);
    for (const of of before) telemetry.emit({ kind: 'test_event_code', ...of, marked: false });
    for (const of of marked) telemetry.emit({ kind: 'test_event_code', ...of, marked: true });
    for (const place of destinations.flatMap(placesOfCodes)) {
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

function placesOfCodes(destination: Destination): readonly string[] {
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
  /** The pipeline goes on by these. */
  apply(destinations: readonly Destination[]): void;
}

/** Loads a configuration and puts it in force; a wrong one changes nothing. True: it is in force. */
export async function reload(load: () => Promise<readonly Destination[]>, options: ReloadOptions): Promise<boolean> {
  const { activeDestinations: inForce, telemetry, apply } = options;
  let next: readonly Destination[];
  try {
    next = await load();
    inForce.activate(next);
  } catch (error) {
    telemetry.emit({ kind: 'config_refused', message: messageOf(error) });
    return false;
  }
  apply(next);
  const subscriptions = next.reduce((sum, destination) => sum + destination.subscriptions.length, 0);
  telemetry.emit({ kind: 'config_reloaded', destinations: next.length, subscriptions });
  return true;
}
