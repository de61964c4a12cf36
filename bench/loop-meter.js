/**
 * Preloaded into what is measured (`--import`). At its end it writes to BENCH_METER_FILE how long garbage was collected, and
 * the longest pauses of the event loop since SIGUSR2, or since the start. Plain JavaScript: what strips types would be loaded
 * with it, and its 15 MB be taken for those of the program.
 */
import { writeFileSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';

/** A pause is seen if it is longer than that, and counted without it. */
const tickMillis = 5;
const longMillis = 50;

let gcMillis = 0;
let longestGcMillis = 0;
let longestPauseMillis = 0;
let longestTurnCpuMillis = 0;
let pausesOver50Millis = 0;
let tickedAt = performance.now();
let cpuAtTick = threadCpuMillis();

const observer = new PerformanceObserver((list) => noteGc(list.getEntries()));
observer.observe({ entryTypes: ['gc'] });

setInterval(() => {
  const now = performance.now();
  const cpu = threadCpuMillis();
  const pause = now - tickedAt - tickMillis;
  longestPauseMillis = Math.max(longestPauseMillis, pause);
  longestTurnCpuMillis = Math.max(longestTurnCpuMillis, cpu - cpuAtTick);
  if (pause > longMillis) pausesOver50Millis += 1;
  tickedAt = now;
  cpuAtTick = cpu;
}, tickMillis).unref();

process.on('SIGUSR2', () => {
  noteGc(observer.takeRecords());
  longestGcMillis = 0;
  longestPauseMillis = 0;
  longestTurnCpuMillis = 0;
  pausesOver50Millis = 0;
});
process.on('exit', () => {
  noteGc(observer.takeRecords());
  const file = process.env['BENCH_METER_FILE'];
  /** @type {import('./harness/loop-figures.ts').LoopFigures} */
  const figures = {
    gcMillis,
    longestGcMillis,
    longestPauseMillis,
    longestTurnCpuMillis,
    pausesOver50Millis,
  };
  if (file !== undefined) writeFileSync(file, JSON.stringify(figures));
});

/** @param {readonly { readonly duration: number }[]} entries */
function noteGc(entries) {
  for (const { duration } of entries) {
    gcMillis += duration;
    longestGcMillis = Math.max(longestGcMillis, duration);
  }
}

function threadCpuMillis() {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
