import { opsAccessOf } from '../config/ops.ts';
import type { OpsService } from '../connector/ops-service.ts';
import type { ConnectorInside } from '../connector/inside.ts';
import type { DeadLetterBrowser } from '../core/dead-letter-browser.ts';
import type { MembersTopic } from '../core/members-topic.ts';
import type { Telemetry } from '../core/ports.ts';
import type { DecisionWatch } from '../pipeline/route/decision-watch.ts';
import type { Answers } from './answers.ts';
import { type CircumstancesOptions, circumstancesOf } from './circumstances.ts';
import { createDecisionStream } from './decisions/decision-stream.ts';
import type { ExplainerOptions } from './explain/explainer.ts';
import type { Mappings } from './mappings.ts';
import { createMembers } from './members/members.ts';
import type { Member } from './members/announced-member.ts';
import { createAccess, warnUnlessServed } from './server/access.ts';
import type { Handlers } from './server/handler.ts';
import type { ServedName, StreamHandler } from './server/serve.ts';
import { memberOf } from './views/members.ts';
import { processState } from './views/status.ts';
import { createTraffic } from './traffic/traffic.ts';
import type { ConnectorFacts } from './views/facts.ts';

export interface ApiOptions extends CircumstancesOptions {
  /** `topic:NAME` or `file:PATH`. Asked for, like the next, when the connector starts: what is wrong with the settings is for it to say. */
  deadLetters(): string;
  browser(): DeadLetterBrowser;
  /** Where the processes of the group tell of themselves; undefined: they don't. */
  membersTopic?(): MembersTopic | undefined;
  readonly mappings: Mappings;
  /** How long an explanation may take, and the thread for them may idle. */
  readonly explaining?: Partial<ExplainerOptions>;
}

/** The API on the ops port of a connector. */
export interface Api {
  /** To be told of everything that the connector does. */
  readonly observer: Telemetry;
  /** To be told of every decision. */
  readonly watch: DecisionWatch;
  /** Serves the API; it ends with the server. */
  serve(inside: ConnectorInside): OpsService;
  /** The answers alone, for whoever brings the questions another way. Counts over time are not kept. */
  open(inside: ConnectorInside): OpenApi;
}

/** The answers of the API, of a connector that runs. */
export interface OpenApi {
  /** Loaded by the first call. */
  handlers(): Promise<Handlers<ServedName>>;
  readonly decisions: StreamHandler;
  /** The process, as others hear of it. */
  member(): Member;
  close(): Promise<void>;
}

/** @throws ConnectorError `SECRET_MISSING` when `OPS_TOKEN_FILE` can't be read. */
export function createApi(options: ApiOptions): Api {
  const { settings, version, mappings, now } = options;
  const opsAccess = opsAccessOf(settings);
  const access = createAccess(opsAccess);
  const traffic = createTraffic({ now });
  const decisions = createDecisionStream(now);
  const startedAt = now();

  function open(inside: ConnectorInside): OpenApi {
    const browser = options.browser();
    const topic = options.membersTopic?.();
    const facts: ConnectorFacts = {
      ...inside,
      ...circumstancesOf(options, startedAt, options.deadLetters()),
      traffic,
    };
    const warn = (code: string, message: string) => inside.telemetry.emit({ kind: 'warning', code, message });
    const members = topic && createMembers({ topic, now, warn });
    const member = () => memberOf(facts, processState(facts));
    members?.start(member);
    const parts = { facts, access, mappings, browser, settings, members, sample: decisions.sample };
    let answers: Promise<Answers> | undefined;
    return {
      member,
      async handlers() {
        answers ??= import('./answers.ts').then(({ createAnswers }) => createAnswers(parts, options.explaining));
        return (await answers).handlers;
      },
      decisions: ({ query }) => decisions.read(query),
      async close() {
        traffic.stop();
        decisions.close();
        await Promise.all([(await answers)?.close(), browser.close(), members?.close()]);
      },
    };
  }

  return {
    observer: traffic,
    watch: decisions,
    open,
    serve(inside) {
      const { telemetry } = inside;
      const opened = open(inside);
      warnUnlessServed(opsAccess, settings.OPS_HOST, telemetry);
      traffic.start(inside.changedAudiences);
      return {
        async routes(app) {
          const { serveApi } = await import('./server/serve.ts');
          const handlers = await opened.handlers();
          serveApi(app, { version, access, telemetry, handlers, decisions: opened.decisions });
        },
        close: opened.close,
      };
    },
  };
}
