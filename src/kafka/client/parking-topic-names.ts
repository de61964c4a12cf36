import { createHash } from 'node:crypto';
import { ConnectorError } from '../../core/errors.ts';

const INFIX = '.parked.';
const MAX_NAME_LENGTH = 249;

/**
 * The parking topic beside a source topic: `TOPIC.parked.DESTINATION`. What a topic's name may not hold becomes a dash,
 * and then a few digits of a hash tell destinations apart; dots too, so that the last infix divides the name.
 *
 * Throws a `ConnectorError` when the name would be too long.
 */
export function parkingTopic(topic: string, destination: string): string {
  const legal = destination.replaceAll(/[^A-Za-z0-9_-]/g, '-');
  const name =
    legal === destination ? legal : `${legal}-${createHash('sha256').update(destination).digest('hex').slice(0, 6)}`;
  const parking = `${topic}${INFIX}${name}`;
  if (parking.length > MAX_NAME_LENGTH) {
    throw new ConnectorError(
      'PARKING_TOPIC',
      `${parking} is too long for a topic: shorten the name of the destination`,
    );
  }
  return parking;
}

/** The source topic that a parking topic stands beside; undefined: by its name it is none. */
export function hostTopic(parking: string): string | undefined {
  const at = parking.lastIndexOf(INFIX);
  return at > 0 ? parking.slice(0, at) : undefined;
}
