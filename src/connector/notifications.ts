import { packageVersion } from '../config/build-info.ts';
import type { ProcessSettings } from '../config/environment.ts';
import { notifyConfig } from '../config/notify.ts';
import { proxiesOf } from '../config/proxies.ts';
import type { Clock, Random, Telemetry } from '../core/ports.ts';
import { createFetch } from '../http/proxies.ts';
import type { Condition } from '../notify/condition.ts';
import { createDeadLetterRate } from '../notify/dead-letter-rate.ts';
import { createNotifier } from '../notify/notifier.ts';
import { createReloadRefused } from '../notify/reload-refused.ts';
import { createWebhook } from '../notify/webhook.ts';

export interface NotificationsOptions {
  readonly settings: ProcessSettings;
  /** Absent: it is no member of one. */
  readonly group?: string;
  readonly clock: Clock;
  readonly random: Random;
}

export interface Notifications {
  /** False: nobody is told, and nothing is to be found out for it. */
  readonly isOn: boolean;
  /** Are told of everything that happens. */
  readonly observers: readonly Telemetry[];
  /** `conditions`: what holds just now. */
  start(conditions: () => readonly Condition[], telemetry: Telemetry): void;
  stop(): void;
}

const timeoutMillis = 10_000;

/** What tells people of changes of state without anybody asking; it does nothing without `NOTIFY_URL`. */
export function createNotifications({ settings, group, clock, random }: NotificationsOptions): Notifications {
  const config = notifyConfig(settings);
  if (config === undefined) return { isOn: false, observers: [], start: () => undefined, stop: () => undefined };
  const { format, url, secret, intervalMillis, deadLetterShare, instance } = config;
  const rate = createDeadLetterRate({ share: deadLetterShare, monotonic: clock.monotonic });
  const refused = createReloadRefused();
  const post = createWebhook({
    url,
    ...(secret !== undefined && { key: () => secret.read() }),
    fetch: createFetch(proxiesOf(settings), timeoutMillis),
    timeoutMillis,
    now: clock.now,
  });
  let notifier: ReturnType<typeof createNotifier> | undefined;

  return {
    isOn: true,
    observers: [rate.observer, refused.observer],
    start(conditions, telemetry) {
      notifier = createNotifier({
        ...{ format, post, intervalMillis, clock, random, telemetry },
        facts: { version: packageVersion(), instance, ...(group !== undefined && { group }) },
        conditions: () => [...conditions(), ...rate.conditions(), ...refused.conditions()],
      });
      notifier.start();
    },
    stop: () => notifier?.stop(),
  };
}
