import { deadLetterConfig } from '../config/kafka.ts';
import type { ProcessSettings } from '../config/environment.ts';
import { ConnectorError } from '../core/errors.ts';
import type { DeadLetterArchive } from '../core/ports.ts';
import { createFileDeadLetterArchive } from '../file/dead-letter-archive.ts';
import { createKafkaDeadLetterArchive } from '../kafka/dead-letters/dead-letter-archive.ts';
import { withTokens } from './kafka-auth.ts';
import { systemClock } from './system-clock.ts';

/** Where a command looks for dead letters. */
export interface DeadLetterPlace {
  /** `topic:NAME` (empty: the one of the settings) or `file:PATH`. */
  readonly place: string;
  /** The option that it was given by. */
  readonly option: string;
  /** Put behind the connector's group where a topic is read beside a replay. */
  readonly group?: string;
}

/** @throws ConnectorError `USAGE` where it is no place. */
export function openDeadLetterArchive(
  settings: ProcessSettings,
  { place, option, group = '' }: DeadLetterPlace,
): DeadLetterArchive {
  if (place.startsWith('file:')) return createFileDeadLetterArchive(place.slice('file:'.length));
  if (!place.startsWith('topic:'))
    throw new ConnectorError('USAGE', `${option} ${place}: give topic:NAME or file:PATH`);
  const config = deadLetterConfig(settings, place.slice('topic:'.length));
  return createKafkaDeadLetterArchive(withTokens({ ...config, groupId: `${config.groupId}${group}` }, systemClock));
}
