import { isObject, own } from '../../core/json.ts';
import { readJson } from '../../core/read-json.ts';
import { visible } from '../../core/visible.ts';
import { states } from '../contract/status.ts';
import type { AnswerOf } from '../server/handler.ts';

export type Member = AnswerOf<'members'>['members'][number];

/** What a member tells of itself. */
export type AnnouncedMember = Omit<Member, 'self' | 'seenAt' | 'id'>;

/** A topic's name has up to 249 characters, and a partition stands behind it. */
const longestText = 260;
const mostNames = 200;
const mostBytes = 32 * 1024;

/** The value of a member's message. Of very many names the first are told. */
export function announcedText({
  host,
  name,
  startedAt,
  version,
  destinations,
  partitions,
  state,
  url,
}: Member): string {
  const textWith = (most: number): string => {
    const announced: AnnouncedMember = {
      ...{ host, name, startedAt, version, state },
      destinations: destinations.slice(0, most),
      partitions: partitions.slice(0, most),
      ...(url !== undefined && { url }),
    };
    const text = JSON.stringify(announced);
    return Buffer.byteLength(text) <= mostBytes || most === 0 ? text : textWith(Math.floor(most / 2));
  };
  return textWith(mostNames);
}

/** What a message says, within the bounds; undefined: it is none of a member. */
export function readAnnouncedMember(value: Buffer): AnnouncedMember | undefined {
  if (value.length > mostBytes) return undefined;
  const json = readJson(value);
  const text = (key: string) => textIn(own(json, key));
  const [host, name, version, url] = [text('host'), text('name'), text('version'), text('url')];
  const [destinations, partitions] = [namesIn(own(json, 'destinations')), namesIn(own(json, 'partitions'))];
  const [startedAt, said] = [own(json, 'startedAt'), own(json, 'state')];
  const state = states.find((each) => each === said);
  if (!isObject(json) || host === undefined || name === undefined || version === undefined) return undefined;
  if (destinations === undefined || partitions === undefined || state === undefined) return undefined;
  if (typeof startedAt !== 'number' || !Number.isFinite(startedAt)) return undefined;
  const announced = { host, name, startedAt, version, destinations, partitions, state };
  return url === undefined || !isWebAddress(url) ? announced : { ...announced, url };
}

/** Nothing that a browser would run, or that carries a password. */
export function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

function namesIn(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length > mostNames) return undefined;
  const names = value.flatMap((each) => textIn(each) ?? []);
  return names.length === value.length ? names : undefined;
}

function textIn(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length === 0 || value.length > longestText) return undefined;
  // Nothing that breaks the line, or turns the text around.
  return /[\n\t]/.test(value) || visible(value) !== value ? undefined : value;
}
