import { expect, test } from 'vitest';
import { readSettings } from '../../src/config/environment.ts';
import { openDeadLetterArchive } from '../../src/connector/dead-letter-archive.ts';
import { createDeadLetterBrowser, createDeadLetterQueue, deadLetterPlace } from '../../src/connector/endpoints.ts';
import { systemClock } from '../../src/connector/system-clock.ts';
import { topicOrFile } from '../../src/connector/topic-or-file.ts';

test.each([
  ['topic:shop.letters', { topic: 'shop.letters' }],
  ['topic:', { topic: '' }],
  ['file:letters.ndjson', { file: 'letters.ndjson' }],
  ['file:topic:x', { file: 'topic:x' }],
])('%s is read', (place, read) => expect(topicOrFile(place, '--from')).toEqual(read));

test.each(['letters', 'letters.ndjson', 'file:', '', 'Topic:x'])('"%s" is refused, wherever it is given', (place) => {
  const settings = readSettings({ KAFKA_BROKERS: '127.0.0.1:1', KAFKA_TOPICS: 'shop' });
  const endpoints = { settings, source: 'kafka', deadLetters: place };
  const told = (option: string) => `${option} ${place}: give topic:NAME or file:PATH`;
  expect(() => createDeadLetterQueue(endpoints, systemClock, () => undefined)).toThrow(told('--dead-letters'));
  expect(() => createDeadLetterBrowser(endpoints, systemClock)).toThrow(told('--dead-letters'));
  expect(() => deadLetterPlace(endpoints)).toThrow(told('--dead-letters'));
  expect(() => openDeadLetterArchive(settings, { place, option: '--from' })).toThrow(told('--from'));
});
