import { deadLetterConfig } from '../config/kafka.ts';
import type { ProcessSettings } from '../config/environment.ts';
import type { DeadLetterArchive } from '../core/ports.ts';
import { createFileDeadLetterArchive } from '../file/dead-letter-archive.ts';
import { createKafkaDeadLetterArchive } from '../kafka/dead-letters/dead-letter-archive.ts';
import { withTokens } from './kafka-auth.ts';
import { systemClock } from './system-clock.ts';
import { topicOrFile } from './topic-or-file.ts';

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
  const read = topicOrFile(place, option);
  if ('file' in read) return createFileDeadLetterArchive(read.file);
  const config = deadLetterConfig(settings, read.topic);
  return createKafkaDeadLetterArchive(withTokens({ ...config, groupId: `${config.groupId}${group}` }, systemClock));
}
