import { createDiagnostics, type Diagnostics } from './diagnostics.ts';
import {
  createEventStore,
  type EventCounts,
  type EventStore,
  type NamedCounts,
  type StoredEvent,
} from './event-store.ts';
import { createFaults, type Faults } from './faults.ts';
import type { SandboxRules } from './options.ts';
import { createRequestLog, type RequestCounts, type RequestEntry, type RequestLog } from './request-log.ts';
import type { UsageLevel } from './usage-headers.ts';

/** Counts of everything since the start or the last reset. */
interface SandboxSummary {
  readonly requests: RequestCounts;
  readonly events: EventCounts & { readonly withoutEventId: number; readonly idsNotKept: number };
  readonly byName: readonly NamedCounts[];
  readonly diagnostics: ReturnType<Diagnostics['counts']>;
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
}

/** Everything that the sandbox remembers. It outlives `close`, so that a sandbox can be taken down and up again. */
export interface SandboxMemory {
  readonly log: RequestLog;
  readonly store: EventStore;
  readonly diagnostics: Diagnostics;
  readonly faults: Faults;
  usage(): UsageLevel;
  setUsage(usage: UsageLevel): void;
  summary(): SandboxSummary;
  /** Forgets requests, events, counts, faults and usage. */
  reset(): void;
}

const idle: UsageLevel = { percent: 1, regainMinutes: 0 };

export function createMemory(rules: SandboxRules): SandboxMemory {
  const log = createRequestLog(rules);
  const store = createEventStore(rules);
  const diagnostics = createDiagnostics();
  const faults = createFaults(rules);
  let usage = idle;
  return {
    log,
    store,
    diagnostics,
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
      faults: faults.list().length,
    }),
    reset() {
      log.clear();
      store.clear();
      diagnostics.clear();
      faults.clear();
      usage = idle;
    },
  };
}

export function readOnly({ log, store, summary }: SandboxMemory): SandboxState {
  return {
    summary,
    requests: () => [...log.entries()],
    events: () => [...store.events()],
    received: store.received,
  };
}
