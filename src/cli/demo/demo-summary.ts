import type { Telemetry } from '../../core/ports.ts';
import type { TelemetryEvent } from '../../core/telemetry.ts';

/** Counts of what happened, for people. */
export interface Summary extends Telemetry {
  readonly counts: Counts;
  render(): string;
}

export interface Counts {
  read: number;
  matched: number;
  delivered: number;
  requests: number;
  tombstones: number;
  readonly deadLetters: Map<string, number>;
  readonly batches: Map<string, number>;
}

export function summary(): Summary {
  const counts: Counts = {
    read: 0,
    matched: 0,
    delivered: 0,
    requests: 0,
    tombstones: 0,
    deadLetters: new Map(),
    batches: new Map(),
  };
  return {
    counts,
    emit: (event) => count(counts, event),
    render() {
      const deadLetters = [...counts.deadLetters.values()].reduce((sum, number) => sum + number, 0);
      const batches = [...counts.batches.values()].reduce((sum, number) => sum + number, 0);
      return [
        `read ${counts.read}`,
        `matched ${counts.matched}`,
        `delivered ${counts.delivered}`,
        `dead letters ${deadLetters}`,
        `batches ${batches}`,
      ].join('   ');
    },
  };
}

function count(counts: Counts, event: TelemetryEvent): void {
  switch (event.kind) {
    case 'records_read':
      counts.read += event.count;
      break;
    case 'matched':
      counts.matched += event.count;
      break;
    case 'delivered':
      counts.delivered += event.count;
      break;
    case 'request_finished':
      counts.requests += 1;
      break;
    case 'skipped':
      if (event.reason === 'tombstone') counts.tombstones += event.count;
      break;
    case 'dead_letter':
      increment(counts.deadLetters, event.code);
      break;
    case 'batch_closed':
      increment(counts.batches, event.trigger);
      break;
    default:
  }
}

function increment(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}
