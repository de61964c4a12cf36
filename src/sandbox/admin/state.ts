import { type AudienceCounts, type AudienceStore, createAudienceStore } from '../audiences/audience-store.ts';
import { type AudienceView, audienceView, memberNames } from './audience-views.ts';
import { createDiagnostics, type Diagnostics } from '../conversions/diagnostics.ts';
import {
  createEventStore,
  type EventCounts,
  type EventStore,
  type NamedCounts,
  type StoredEvent,
} from '../conversions/event-store.ts';
import { createFaults, type Faults } from '../faults/faults.ts';
import type { SandboxRules } from '../graph/options.ts';
import { createRequestLog, type RequestCounts, type RequestEntry, type RequestLog } from '../graph/request-log.ts';
import type { UsageLevel } from '../graph/usage-headers.ts';

/** Counts of everything since the start or the last reset. */
interface SandboxSummary {
  readonly requests: RequestCounts;
  readonly events: EventCounts & { readonly withoutEventId: number; readonly idsNotKept: number };
  readonly byName: readonly NamedCounts[];
  readonly diagnostics: ReturnType<Diagnostics['counts']>;
  readonly audiences: AudienceCounts;
  readonly faults: number;
}

/** What a test in the same process may look at. */
export interface SandboxState {
  summary(): SandboxSummary;
  /** The newest requests, oldest first. */
  requests(): readonly RequestEntry[];
  /** The newest events that were accepted, oldest first. */
  events(): readonly StoredEvent[];
  /** How often an event_id was accepted. */
  received(eventId: string): number;
  /** Every Custom Audience, oldest first. */
  audiences(): readonly AudienceView[];
  /**
   * The users of an audience, each by the first that is known of it: external id, hash of the e-mail, hash of the
   * phone, advertising id, page-scoped id. Empty for an unknown audience.
   */
  members(audienceId: string): ReadonlySet<string>;
}

/** Everything that the sandbox remembers. It outlives `close`, so that a sandbox can be taken down and up again. */
export interface SandboxMemory {
  readonly log: RequestLog;
  readonly store: EventStore;
  readonly diagnostics: Diagnostics;
  readonly audiences: AudienceStore;
  readonly faults: Faults;
  usage(): UsageLevel;
  setUsage(usage: UsageLevel): void;
  summary(): SandboxSummary;
  /** Forgets requests, events, audiences but those of the options, counts, faults and usage. */
  reset(): void;
}

const idle: UsageLevel = { percent: 1, regainMinutes: 0 };

export function createMemory(rules: SandboxRules): SandboxMemory {
  const log = createRequestLog(rules);
  const store = createEventStore(rules);
  const diagnostics = createDiagnostics();
  const audiences = createAudienceStore(rules);
  const faults = createFaults(rules);
  let usage = idle;
  return {
    log,
    store,
    diagnostics,
    audiences,
    faults,
    usage: () => usage,
    setUsage(level) {
      usage = level;
    },
    summary: () => ({
      requests: log.counts(),
      events: { ...store.counts(), withoutEventId: store.withoutEventId(), idsNotKept: store.idsNotKept() },
      byName: store.countsByName(),
      diagnostics: diagnostics.counts(),
      audiences: audiences.counts(),
      faults: faults.list().length,
    }),
    reset() {
      log.clear();
      store.clear();
      diagnostics.clear();
      audiences.clear();
      faults.clear();
      usage = idle;
    },
  };
}

export function readOnly({ log, store, audiences, summary }: SandboxMemory): SandboxState {
  return {
    summary,
    requests: () => [...log.entries()],
    events: () => [...store.events()],
    received: store.received,
    audiences: () => audiences.list().map((audience) => audienceView(audience)),
    members: (audienceId) => new Set(memberNames(audiences.find(audienceId))),
  };
}
