import { createRequire } from 'node:module';
import type { Liquid, Template } from 'liquidjs';
import { ConnectorError } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';

/**
 * Tags that repeat, read files or keep state between uses. `increment` and `decrement` would also write into the
 * event.
 */
const tagsOff = [
  'for',
  'tablerow',
  'break',
  'continue',
  'cycle',
  'increment',
  'decrement',
  'include',
  'render',
  'layout',
  'block',
];

/** Filters that evaluate expressions out of text, and one that answers differently each time. */
const filtersOff = ['where_exp', 'reject_exp', 'group_by_exp', 'has_exp', 'find_exp', 'find_index_exp', 'sample'];

/** Milliseconds of the processor for one rendering. Without loops, a template of 1,000 characters takes a fraction of one. */
const renderLimitMillis = 500;

/** liquidjs counts by the clock. A process that stood still meanwhile, as one with a share of a processor does, gets so many. */
const patientLimitMillis = 10_000;

/** Characters and items made by one rendering. */
const memoryLimit = 10_000_000;

/** Characters of the result. liquidjs does not count what is captured and repeated. */
const maxOutputLength = 1_000_000;

let engine: Liquid | undefined;

/** Loaded with the first template, since most mappings have none. */
function engineOfAll(): Liquid {
  engine ??= createEngine();
  return engine;
}

function createEngine(): Liquid {
  const { Liquid } = createRequire(import.meta.url)('liquidjs') as typeof import('liquidjs');
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    renderLimit: renderLimitMillis,
    memoryLimit,
    // In memory and empty: no template can name a file.
    templates: {},
    // The result must not depend on where the process runs. liquidjs reads a date without a zone by the process's own all the same,
    // and is an hour off where its clocks change: bin/meta-actions.js makes that UTC.
    timezoneOffset: 0,
    locale: 'en-US',
  });
  for (const tag of tagsOff) liquid.registerTag(tag, { parse: refuse(`the tag "${tag}" is off`), render: () => '' });
  for (const filter of filtersOff) delete liquid.filters[filter];
  return liquid;
}

function refuse(message: string): () => never {
  return () => {
    throw new Error(message);
  };
}

export interface LiquidTemplate {
  readonly template: Template[];
  /** The members that it reads from its root; a computed name ends a path. */
  readonly paths: readonly (readonly string[])[];
}

/** Throws an Error whose message says what is wrong, with line and column. */
export function parseLiquid(text: string): LiquidTemplate {
  const template = engineOfAll().parse(text);
  return { template, paths: pathsOf(template) };
}

function pathsOf(template: Template[]): readonly (readonly string[])[] {
  return engineOfAll()
    .globalVariableSegmentsSync(template)
    .map((segments) => {
      const computed = segments.findIndex((segment) => Array.isArray(segment));
      return (computed < 0 ? segments : segments.slice(0, computed)).map(String);
    });
}

/**
 * Renders for any value; what is no object has no members to offer. Nothing when a filter can't work on a value.
 *
 * @throws ConnectorError `MAPPING_LIQUID_LIMIT` when it takes too much time or memory.
 */
export function renderLiquid({ template }: LiquidTemplate, root: unknown): string | undefined {
  let text: unknown;
  try {
    text = renderPatiently(template, isObject(root) ? root : {});
  } catch (error) {
    if (isLimitError(error)) throw overLimit();
    return undefined;
  }
  if (typeof text !== 'string') return undefined;
  if (text.length > maxOutputLength) throw overLimit();
  return text;
}

function renderPatiently(template: Template[], root: object): unknown {
  const before = process.cpuUsage();
  try {
    return engineOfAll().renderSync(template, root);
  } catch (error) {
    const { user, system } = process.cpuUsage(before);
    const isOfTheProcessor = (user + system) / 1_000 >= renderLimitMillis;
    if (isOfTheProcessor || !isLimitError(error, 'template render')) throw error;
    return engineOfAll().renderSync(template, root, { renderLimit: patientLimitMillis });
  }
}

function isLimitError(error: unknown, kind = '(template render|memory alloc)'): boolean {
  return error instanceof Error && new RegExp(`^${kind} limit exceeded`).test(error.message);
}

/** The event is refused: it would be over the limit again. */
function overLimit(): ConnectorError {
  return new ConnectorError('MAPPING_LIQUID_LIMIT', 'a @liquid template took too much time or memory for this event');
}
