/*
 * Loaded into a connector (`--import`), as people load an SDK: appends each span that ends to the file SPANS, as a line of
 * JSON.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync } from 'node:fs';
import { type Context, type ContextManager, context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { recordingProvider } from './recording-tracer.ts';

const file = process.env['SPANS'];
const storage = new AsyncLocalStorage<Context>();
const current = () => storage.getStore() ?? ROOT_CONTEXT;

const manager: ContextManager = {
  active: current,
  with: (inside, call, self, ...given) => storage.run(inside, () => call.call(self as never, ...given)),
  bind: (_, target) => target,
  enable: () => manager,
  disable: () => manager,
};

const provider = recordingProvider((span) => {
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(span)}\n`);
});
context.setGlobalContextManager(manager);
trace.setGlobalTracerProvider({
  getTracer: (...named) => {
    const tracer = provider.getTracer(...named);
    return { ...tracer, startSpan: (name, options, at) => tracer.startSpan(name, options, at ?? current()) };
  },
});
