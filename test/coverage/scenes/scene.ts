import type { SandboxOptions } from '../../../src/sandbox/graph/options.ts';
import { openStage, type Stage } from '../stage.ts';

/** Shows that a statement holds, by what happens: it throws where it doesn't. */
export type Scene = () => Promise<void>;

/** A scene on a stage of its own. */
export function scene(play: (stage: Stage) => Promise<void>, options: SandboxOptions = {}): Scene {
  return async () => {
    const stage = await openStage(options);
    try {
      await play(stage);
    } finally {
      await stage.close();
    }
  };
}

type Members = Readonly<Record<string, unknown>>;

const access_token = { $env: 'META_ACCESS_TOKEN' };

/** Orders to a pixel. */
export function shop(settings: Members = {}, mapping: Members = {}): Members {
  return {
    name: 'shop',
    settings: { pixel_id: '55', access_token, ...settings },
    subscriptions: [{ name: 'Orders', action: 'purchase', mapping }],
  };
}

/** People to the audience 120, by events that say who joins or leaves. */
export function members(settings: Members = {}, mapping: Members = { audience_id: '120' }): Members {
  return {
    name: 'crm',
    settings: { ad_account_id: '77', access_token, ...settings },
    subscriptions: [{ name: 'Members', action: 'sync-audience', mapping }],
  };
}

/** Lists of people to the audience 120. */
export function lists(settings: Members = {}, mapping: Members = { audience_id: '120' }): Members {
  return {
    name: 'lists',
    settings: { ad_account_id: '77', access_token, ...settings },
    subscriptions: [{ name: 'Lists', action: 'sync-audience-list', trigger: 'type = "track"', mapping }],
  };
}

export function order(messageId: string, more: Members = {}): Members {
  return {
    type: 'track',
    event: 'Order Completed',
    messageId,
    userId: `u-${messageId}`,
    timestamp: new Date(Date.now() - 60_000).toISOString(),
    context: { userAgent: 'Browser/1.0', page: { url: 'https://shop.example/thanks' } },
    properties: { total: 20, currency: 'EUR', order_id: messageId },
    ...more,
  };
}

/** Somebody joins (`new`) or leaves (`deleted`). */
export function person(userId: string, event: 'new' | 'deleted' = 'new', properties: Members = {}): Members {
  return { type: 'track', event, messageId: `m-${event}-${userId}`, userId, properties };
}

export function list(properties: Members, event = 'USERS'): Members {
  return { type: 'track', event, messageId: `m-${JSON.stringify(properties).length}`, properties };
}
