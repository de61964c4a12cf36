import type { Part } from '../harness/part.ts';
import { produce } from '../harness/produce.ts';
import { purchases, startProduct } from '../harness/product.ts';
import { lostName } from '../harness/results.ts';
import { measure } from '../harness/run.ts';
import { median } from '../harness/statistics.ts';

const mebibyte = 1024 ** 2;
const mostMegabytes = 300;
const mostPauseMillis = 50;
const shownSamples = 60;

/** Memory while a long backlog is drained. */
export const backlog: Part = async (bench) => {
  const broker = await bench.kafka();
  const sink = await bench.sink();
  const expected = bench.scaled(1_000_000, 20_000);
  const topic = await broker.topic('backlog');
  await produce({ brokers: broker.addresses, topic, count: expected, kind: 'orders', bytes: 0 });
  const run = await measure({ sink, expected, start: () => [startProduct({ broker, topic }, sink.url, purchases)] });
  await broker.forget(topic);
  const { residentBytes, peakBytes } = run;
  const quarter = Math.max(1, Math.floor(residentBytes.length / 4));
  // The first quarter warms up; what grows after it would go on growing.
  const early = median(residentBytes.slice(quarter, 2 * quarter));
  const late = median(residentBytes.slice(-quarter));
  const step = Math.max(1, Math.ceil(residentBytes.length / shownSamples));
  const longestPause = run.loop?.longestPauseMillis ?? Number.NaN;
  const shown = residentBytes.filter((_, index) => index % step === 0);
  return {
    title: 'A long backlog',
    about: `${expected.toLocaleString('en')} orders of 1.6 KB, drained by one process. Growth is the median of the last quarter of the run over that of the second.`,
    figures: [
      { name: 'peak resident memory', value: peakBytes / mebibyte, unit: 'MB' },
      { name: 'growth of resident memory', value: (late / early - 1) * 100, unit: '%' },
      { name: 'events per second', value: run.perSecond, unit: '/s' },
      { name: 'processor time per event', value: run.cpuMicros, unit: 'µs' },
      { name: 'longest pause of the event loop', value: longestPause, unit: 'ms' },
      { name: 'longest garbage collection', value: run.loop?.longestGcMillis ?? Number.NaN, unit: 'ms' },
      {
        name: 'most processor time in a turn of the event loop',
        value: run.loop?.longestTurnCpuMillis ?? Number.NaN,
        unit: 'ms',
      },
      { name: 'sent more than once', value: run.repeated, unit: '' },
    ],
    targets: [
      { name: lostName, value: run.lost, unit: '', atMost: 0 },
      { name: 'Peak resident memory while draining', value: peakBytes / mebibyte, unit: 'MB', atMost: mostMegabytes },
      { name: 'Growth of resident memory while draining', value: (late / early - 1) * 100, unit: '%', atMost: 5 },
      {
        name: 'Longest pause of the event loop while draining',
        value: longestPause,
        unit: 'ms',
        atMost: mostPauseMillis,
      },
    ],
    plots: [
      {
        file: 'memory',
        title: `Resident memory while ${expected.toLocaleString('en')} events are drained`,
        kind: 'lines',
        x: { label: 'seconds', values: shown.map((_, index) => Math.round((index * step) / 4)) },
        y: { label: 'MB' },
        series: [
          { name: 'resident memory', values: shown.map((bytes) => bytes / mebibyte) },
          { name: 'limit', values: shown.map(() => mostMegabytes) },
        ],
      },
    ],
  };
};
