import { messageOf } from '../../core/errors.ts';
import type { HeardMessage, MembersTopic } from '../../core/members-topic.ts';
import { type Member, readAnnouncedMember, type AnnouncedMember, announcedText } from './announced-member.ts';

/** The processes of the group, of which each tells the others of itself. */
export interface Members {
  /** From now on this one tells. */
  start(self: () => Member): void;
  /** Those that were heard of in the last minute, by name. */
  others(): Promise<readonly Member[]>;
  /** It tells that it goes. */
  close(): Promise<void>;
}

export interface MembersOptions {
  readonly topic: MembersTopic;
  /** Unix milliseconds. */
  now(): number;
  /** Told of what is wrong, once until it works again. */
  warn(code: string, message: string): void;
}

const tellMillis = 10_000;
/** Who was silent for this long is gone. */
const aliveMillis = 60_000;
/** Pages ask every few seconds. */
const readMillis = 2_000;
const closeMillis = 3_000;
const mostMembers = 500;
const memberId = /^[\w.:-]{1,200}$/;

export function createMembers({ topic, now, warn }: MembersOptions): Members {
  const heardOf = new Map<string, { readonly announced: AnnouncedMember; readonly seenAt: number }>();
  let self: (() => Member) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let telling: Promise<void> | undefined;
  let reading: Promise<void> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  const failing = new Set<string>();

  async function tried(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      failing.delete(what);
    } catch (error) {
      if (!failing.has(what)) warn('MEMBERS_TOPIC', `${what} failed: ${messageOf(error)}`);
      failing.add(what);
    }
  }

  function tell(): void {
    const member = self?.();
    if (member === undefined) return;
    telling ??= tried('telling the members of the group of this one', () =>
      topic.tell(member.id, announcedText(member)),
    ).finally(() => {
      telling = undefined;
    });
  }

  /** @param before When it was listened last: what is heard now was written since. */
  function hear({ key, value, at }: HeardMessage, before: number): void {
    if (!memberId.test(key) || key === self?.().id) return;
    const announced = value === null ? undefined : readAnnouncedMember(value);
    heardOf.delete(key);
    // The clocks of others may be wrong.
    const seenAt = Math.min(Math.max(at, before), now());
    if (announced !== undefined) heardOf.set(key, { announced, seenAt });
    const [oldest] = heardOf.keys();
    if (heardOf.size > mostMembers && oldest !== undefined) heardOf.delete(oldest);
  }

  async function read(): Promise<void> {
    const before = readAt;
    readAt = now();
    await tried('reading of the members of the group', async () => {
      for (const message of await topic.heard()) hear(message, before);
    });
    for (const [id, { seenAt }] of heardOf) {
      if (now() - seenAt > aliveMillis) heardOf.delete(id);
    }
  }

  return {
    start(member) {
      self = member;
      timer ??= setInterval(tell, tellMillis);
      timer.unref();
      tell();
    },
    async others() {
      if (Math.abs(now() - readAt) >= readMillis) {
        reading ??= read().finally(() => {
          reading = undefined;
        });
      }
      await reading;
      return [...heardOf]
        .map(([id, { announced, seenAt }]) => ({ id, ...announced, seenAt, self: false }))
        .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
    },
    async close() {
      clearInterval(timer);
      const id = self?.().id;
      const late = new Promise<void>((resolve) => setTimeout(resolve, closeMillis).unref());
      const leaving = async () => {
        await telling;
        if (id !== undefined) await topic.tell(id, null);
        await topic.close();
      };
      // Nobody is kept from stopping: the others notice within a minute.
      await Promise.race([leaving().catch(() => undefined), late]);
    },
  };
}
