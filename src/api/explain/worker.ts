/** A thread that explains: neither a long event nor a mapping that costs much holds up the records. */
import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../core/errors.ts';
import type { ExplainJob } from './job.ts';
import { runJob } from './run-job.ts';

parentPort?.on('message', (job: ExplainJob) => {
  void runJob(job).then(
    (result) => parentPort?.postMessage({ result }),
    (error: unknown) => parentPort?.postMessage({ error: messageOf(error) }),
  );
});
