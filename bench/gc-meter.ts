/** Preloaded into what is measured (`--import`): at its end writes the time of garbage collection to BENCH_GC_FILE. */
import { writeFileSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';

let millis = 0;
const observer = new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) millis += entry.duration;
});
observer.observe({ entryTypes: ['gc'] });
process.on('exit', () => {
  for (const entry of observer.takeRecords()) millis += entry.duration;
  const file = process.env['BENCH_GC_FILE'];
  if (file !== undefined) writeFileSync(file, String(millis));
});
