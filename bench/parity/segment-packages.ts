import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const folder = resolve(import.meta.dirname, '../peers/segment');

export interface SegmentAction {
  execute(bundle: object): Promise<unknown>;
  createRequestClient: () => (url: string, options: { readonly json: unknown }) => Promise<unknown>;
}

export interface SegmentDestination {
  readonly actions: Readonly<Record<string, SegmentAction>>;
  onEvent(event: object, settings: object): Promise<unknown>;
}

export interface SegmentRequest {
  readonly url: string;
  readonly method: string;
  text(): Promise<string>;
}

export interface SegmentPackages {
  readonly Destination: new (definition: unknown) => SegmentDestination;
  /** Of the Facebook Conversions API. */
  readonly conversions: unknown;
  /** Of Facebook Custom Audiences. */
  readonly audiences: unknown;
  /** What their HTTP client calls at last. */
  readonly network: { default: (request: SegmentRequest) => Promise<unknown> };
  readonly Response: new (body: string, options: { readonly status: number }) => unknown;
}

/** The packages that Segment publishes, installed from their own lock file on first use. */
export async function segmentPackages(): Promise<SegmentPackages> {
  if (!existsSync(join(folder, 'node_modules'))) {
    await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
  }
  const load = createRequire(join(folder, 'package.json'));
  const packages = join(folder, 'node_modules', '@segment');
  const { Destination, Response } = load(join(packages, 'actions-core')) as Pick<
    SegmentPackages,
    'Destination' | 'Response'
  >;
  const definition = (name: string): unknown => {
    const file = join(packages, `action-destinations/dist/destinations/${name}/index.js`);
    return (load(file) as { readonly default: unknown }).default;
  };
  return {
    Destination,
    Response,
    conversions: definition('facebook-conversions-api'),
    audiences: definition('facebook-custom-audiences'),
    network: load(join(packages, 'actions-core/dist/cjs/fetch.js')) as SegmentPackages['network'],
  };
}
