/** The package that holds librdkafka and its mock cluster. Node 24 only, so it is no dependency of ours. */
export const PACKAGE = 'kafka-crab-js';
export const VERSION = '5.0.0';

/** It and its binary for each platform, with the hashes that npm holds what it fetches against. */
export const integrity: Readonly<Record<string, string>> = {
  'kafka-crab-js': 'sha512-pDyTbwnbVShXbiAFcel6WE6BPAi5ES7LmyJBVqsIxGbaJSqIbhX7DFEQz4D1YYmgMW8w4DhMfSg7/cW6AwEnzw==',
  'kafka-crab-js-darwin-arm64':
    'sha512-2ZHBBPit5ARvctmu9OA3LBz+rYATiZw5HK3e6uFs4URWB9jUEaqYzHVxREds8c+l8M98Zb1YTmQVKCFIMaRUlA==',
  'kafka-crab-js-darwin-x64':
    'sha512-TRyuwJw77lB9BYq+ZsUQSoEcaGrmZWIPtFp8sJaDuJE/OXHRfETB9kLKEJ4sVqE0ul5MM8barxONRsFMUGG4eg==',
  'kafka-crab-js-linux-arm64-gnu':
    'sha512-gPc5BWzgTNZvtWibjsVBzhgLtC1504M5ILfnmPslTzAKg5/E0zIuWu/S+H/gnRri8vGBLvOhDUzrCmnhmXfNjQ==',
  'kafka-crab-js-linux-arm64-musl':
    'sha512-pWIwrPw3+066k1szioYbfQ/32rwyVHwnI69gIQjcZiC4qNrItAKWIQ3wKnyhcUVckh1PhHBLP/6OkpuKaowA/Q==',
  'kafka-crab-js-linux-x64-gnu':
    'sha512-V2L/ndJw6MNBijHvgkfUreelkiOAWDjxzLSUP7s9nuXD3a/54QbVyVH1a27nwxhXA6HpCb5MfFC+PuDqg31eTQ==',
  'kafka-crab-js-linux-x64-musl':
    'sha512-5szRgvnzrNsjAN8ItOELFqLa02nAVQJYSYizYx743iDboixVkbIyEzyV+lxOkSC7k6sM0b7KZb+hUXyb3M/BLw==',
};

/** `package.json` and `package-lock.json` of a folder that holds just that: `npm ci` puts nothing else into it. */
export function pinnedFiles(): Readonly<Record<string, string>> {
  const root = { private: true, dependencies: { [PACKAGE]: VERSION } };
  const locked = Object.entries(integrity).map(
    ([name, hash]) => [`node_modules/${name}`, lockedAs(name, hash)] as const,
  );
  const packages = { '': root, ...Object.fromEntries(locked) };
  return {
    'package.json': JSON.stringify(root),
    'package-lock.json': JSON.stringify({ lockfileVersion: 3, requires: true, packages }),
  };
}

function lockedAs(name: string, hash: string): object {
  const entry = { version: VERSION, integrity: hash };
  const binaries = Object.keys(integrity).filter((other) => other !== PACKAGE);
  if (name === PACKAGE) {
    return { ...entry, optionalDependencies: Object.fromEntries(binaries.map((binary) => [binary, VERSION])) };
  }
  const [os = '', cpu = '', libc] = name.slice(PACKAGE.length + 1).split('-');
  return {
    ...entry,
    optional: true,
    os: [os],
    cpu: [cpu],
    ...(libc !== undefined && { libc: [libc === 'gnu' ? 'glibc' : libc] }),
  };
}
