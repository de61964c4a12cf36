import { chmod, chown, mkdir, mkdtemp, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { childEnvironment } from '../../../src/core/child-environment.ts';
import { installedBroker } from '../../../src/kafka/embedded/embedded-broker-install.ts';
import { foreignFolder } from '../../../src/kafka/embedded/own-folder.ts';
import { asRoot } from '../../support/needs.ts';
import { integrity, PACKAGE, VERSION } from '../../../src/kafka/embedded/pinned-packages.ts';

const folder = () => mkdtemp(join(tmpdir(), 'broker-cache-'));

/** As `installedBroker` would find it: the folder is asked for by name, so its name is learnt from the refusal of an install. */
async function plantedIn(cache: string): Promise<string> {
  let home = '';
  const print = (line: string) => {
    home = / into (.+), once/.exec(line)?.[1] ?? '';
  };
  const environment = { META_ACTIONS_CACHE: cache, PATH: '', npm_execpath: '' };
  await installedBroker({ environment: { ...environment, META_ACTIONS_CACHE: `${cache}/a-file/x` }, print }).catch(
    () => undefined,
  );
  const planted = join(cache, home.slice(`${cache}/a-file/x/`.length));
  const entry = join(planted, 'node_modules', PACKAGE, 'dist', 'index.js');
  await mkdir(dirname(entry), { recursive: true });
  await writeFile(entry, 'throw new Error("planted code ran")');
  return planted;
}

async function askedOf(cache: string): Promise<unknown> {
  const environment = { META_ACTIONS_CACHE: cache, PATH: process.env['PATH'] };
  return installedBroker({ environment, print: () => undefined }).then(
    (entry) => entry,
    (error: unknown) => error,
  );
}

describe('a broker that somebody else may have put there', () => {
  it.each([
    ['in a folder that all may write to', async (_cache: string, planted: string) => chmod(planted, 0o777)],
    ['behind a folder that all may write to', async (cache: string) => chmod(cache, 0o777)],
    [
      'behind a link',
      async (cache: string, planted: string) => {
        const elsewhere = `${cache}-elsewhere`;
        await mkdir(elsewhere);
        await rename(planted, join(elsewhere, 'home'));
        await symlink(join(elsewhere, 'home'), planted);
      },
    ],
  ])('is not loaded: %s', async (_where, open) => {
    const cache = await folder();
    await writeFile(join(cache, 'a-file'), '');
    const planted = await plantedIn(cache);
    expect(await askedOf(cache)).toBe(join(planted, 'node_modules', PACKAGE, 'dist', 'index.js'));
    await open(cache, planted);
    expect(await askedOf(cache)).toMatchObject({
      code: 'EMBEDDED_BROKER_FOLDER',
      message: expect.stringContaining('META_ACTIONS_CACHE'),
    });
  });

  it('is not loaded: from a folder of another user', asRoot, async () => {
    const cache = await folder();
    await writeFile(join(cache, 'a-file'), '');
    await chown(await plantedIn(cache), 12_345, 12_345);
    expect(await askedOf(cache)).toMatchObject({ message: expect.stringContaining('belongs to another user') });
  });

  it('is not told by folders above one that is trusted already', async () => {
    const cache = await folder();
    const inner = join(cache, 'inner');
    await mkdir(inner);
    await chmod(cache, 0o777);
    expect(await foreignFolder(inner)).toContain('other users');
    expect(await foreignFolder(inner, cache)).toBeUndefined();
  });
});

it('installs nothing whose hash is another than the one we know', async () => {
  const tampered = Buffer.from('not what was published');
  const registry = createServer((request, response) => {
    const name = Object.keys(integrity).find((known) => request.url === `/${known}`);
    if (name === undefined) return response.end(tampered);
    const tarball = `http://${request.headers.host}/${name}.tgz`;
    const dist = { tarball, integrity: integrity[name] };
    return response.end(
      JSON.stringify({
        name,
        'dist-tags': { latest: VERSION },
        versions: { [VERSION]: { name, version: VERSION, dist } },
      }),
    );
  });
  await once(registry.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    registry.closeAllConnections();
    registry.close();
  });
  const cache = await folder();
  const environment = {
    META_ACTIONS_CACHE: cache,
    PATH: process.env['PATH'],
    HOME: cache,
    npm_config_registry: `http://127.0.0.1:${(registry.address() as AddressInfo).port}`,
    npm_config_cache: join(cache, 'npm'),
    npm_config_fetch_retries: '0',
  };
  await expect(installedBroker({ environment, print: () => undefined })).rejects.toMatchObject({
    code: 'EMBEDDED_BROKER_INSTALL',
    message: expect.stringContaining('EINTEGRITY'),
  });
  expect((await readdir(cache)).filter((name) => name.startsWith(PACKAGE))).toEqual([]);
});

describe('the environment of a child process', () => {
  const given = {
    PATH: '/bin',
    HOME: '/home/ann',
    META_ACCESS_TOKEN: 'secret-1',
    SHOP_TOKEN: 'secret-2',
    KAFKA_SASL_PASSWORD: 'secret-3',
    AWS_SECRET_ACCESS_KEY: 'secret-4',
    NODE_OPTIONS: '--require=/tmp/planted.js',
    LD_PRELOAD: '/tmp/planted.so',
    npm_config_registry: 'http://localhost:1',
    HTTPS_PROXY: 'http://proxy:1',
  };

  it('of the broker has no secret, and nothing that makes it load other code', () => {
    expect(childEnvironment(given)).toEqual({ PATH: '/bin', HOME: '/home/ann' });
  });

  it('of npm has what it needs to fetch, besides', () => {
    expect(Object.keys(childEnvironment(given, 'npm'))).toEqual(['PATH', 'HOME', 'npm_config_registry', 'HTTPS_PROXY']);
  });
});
