#!/usr/bin/env node
// Runs the sources from a clone, the build from a package or an image. Plain JavaScript that old versions of Node can
// read, so that they get a clear message.
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(`meta-actions needs Node 22.19 or newer, this is ${process.versions.node}`);
  process.exit(2);
}

// A time that names no zone is UTC, as the times of events are, and a template writes dates in UTC: what is sent must not depend on
// the TZ of the machine. Set before anything asks for a time; children and threads inherit it.
process.env.TZ = 'UTC';

// To a run it means that the mappings are to be read again, also before it has read them: by default it would end it, and systemd
// would take that for an end that was wanted.
if (process.argv[2] === 'run') process.on('SIGHUP', () => {});

// What was compiled is kept for the next start, where Node can do that: it takes a third off.
nodeModule.enableCompileCache?.();

const source = new URL('../src/cli/main.ts', import.meta.url);
const build = new URL('../dist/src/cli/main.js', import.meta.url);
const inPackage = fileURLToPath(import.meta.url).includes('node_modules');
await import(existsSync(source) && !inPackage ? source.href : build.href);
