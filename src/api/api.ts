import { hostname } from 'node:os';
import type { ProcessSettings } from '../config/environment.ts';
import { opsAccessOf } from '../config/ops.ts';
import type { OpsService } from '../connector/connector.ts';
import type { ConnectorInside } from '../connector/inside.ts';
import type { DeadLetterBrowser } from '../core/dead-letter-browser.ts';
import type { MembersTopic } from '../core/members-topic.ts';
import type { Telemetry } from '../core/ports.ts';
import type { DecisionWatch } from '../pipeline/route/decision-watch.ts';
import { createDecisionStream } from './decisions/decision-stream.ts';
import type { Mappings } from './mappings.ts';
import { createMembers } from './members/members.ts';
import { isWebAddress } from './members/announced-member.ts';
import { createAccess } from './server/access.ts';
import { memberOf } from './views/members.ts';
import { processState } from './views/status.ts';
import { createTraffic } from './traffic/traffic.ts';
import type { Facts } from './views/facts.ts';

export interface ApiOptions {
  readonly settings: ProcessSettings;
  readonly version: string;
  /** `kafka`, `file:PATH`, or `-`. */
  readonly source: string;
  /** `topic:NAME` or `file:PATH`. Asked for, like the next, when the connector starts: what is wrong with the settings is for it to say. */
  deadLetters(): string;
  browser(): DeadLetterBrowser;
  /** Where the processes of the group tell of themselves; undefined: they don't. */
  membersTopic?(): MembersTopic | undefined;
  readonly mappings: Mappings;
  /** Unix milliseconds. */
  now(): number;
}

/** The API on the ops port of a connector. */
export interface Api {
  /** To be told of everything that the connector does. */
  readonly observer: Telemetry;
  /** To be told of every decision. */
  readonly watch: DecisionWatch;
  /** Serves the API; it ends with the server. */
  serve(inside: ConnectorInside): OpsService;
}

/** @throws ConnectorError `SECRET_MISSING` when `OPS_TOKEN_FILE` can't be read. */
export function createApi(options: ApiOptions): Api {
  const { settings, version, source, mappings, now } = options;
  const opsAccess = opsAccessOf(settings);
  const access = createAccess(opsAccess);
  const traffic = createTraffic({ now });
  const decisions = createDecisionStream(now);
  const startedAt = now();

  return {
    observer: traffic,
    watch: decisions,
    serve(inside) {
      const browser = options.browser();
      const topic = options.membersTopic?.();
      const { OPS_URL: opsUrl } = settings;
      const facts: Facts = {
        ...inside,
        ...{ now, startedAt, version, source, traffic },
        deadLetters: options.deadLetters(),
        host: hostname(),
        graphUrl: settings.META_GRAPH_URL,
        ...(source === 'kafka' && { group: settings.KAFKA_GROUP_ID }),
        ...(opsUrl !== undefined && isWebAddress(opsUrl) && { opsUrl }),
        maxInFlightBytes: settings.MAX_IN_FLIGHT_BYTES,
        destinations: mappings.active,
      };
      if (!opsAccess.loopback && opsAccess.token === undefined) {
        const message = `the console and its API are not served on ${settings.OPS_HOST}: set OPS_TOKEN or OPS_TOKEN_FILE`;
        inside.telemetry.emit({ kind: 'warning', code: 'OPS_TOKEN_NEEDED', message });
      }
      traffic.start(inside.changedAudiences);
      const { telemetry } = inside;
      const warn = (code: string, message: string) => telemetry.emit({ kind: 'warning', code, message });
      const members = topic && createMembers({ topic, now, warn });
      members?.start(() => memberOf(facts, processState(facts)));
      return {
        async routes(app) {
          const { serveHandlers } = await import('./serve-handlers.ts');
          serveHandlers(app, { facts, access, mappings, browser, settings, members, version, decisions });
        },
        async close() {
          traffic.stop();
          decisions.close();
          await Promise.all([browser.close(), members?.close()]);
        },
      };
    },
  };
}
