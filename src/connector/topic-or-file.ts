import { ConnectorError } from '../core/errors.ts';

/** Where dead letters are: in a topic (empty: the one of the settings), or in a file. */
export type TopicOrFile = { readonly topic: string } | { readonly file: string };

/**
 * Reads `topic:NAME`, `topic:` or `file:PATH`.
 *
 * @param option The option that it was given by.
 * @throws ConnectorError `USAGE` where it is neither.
 */
export function topicOrFile(place: string, option: string): TopicOrFile {
  if (place.startsWith('topic:')) return { topic: place.slice('topic:'.length) };
  if (place.startsWith('file:') && place !== 'file:') return { file: place.slice('file:'.length) };
  throw new ConnectorError('USAGE', `${option} ${place}: give topic:NAME or file:PATH`);
}
