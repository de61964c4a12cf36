/**
 * Which folder may import which: a row for each folder of the product, from the bottom up. A row names the folders
 * and packages that its files may import; `src/core`, `node:*` and the folder itself go without saying. A folder
 * without a row may import nothing. `npm run generate` makes Biome's rules of it (biome.layers.json).
 */
export const layers = {
  'src/core': '',
  // What a mapping file says, and what Meta wants.
  'src/trigger': '',
  'src/mapping': 'src/mapping/directives liquidjs',
  'src/mapping/directives': 'src/mapping',
  'src/identity': 'libphonenumber-js libphonenumber-js/**',
  'src/kit': 'ajv',
  'src/kit/privacy': 'src/identity',
  'src/kit/conversion': 'src/kit src/kit/conversion/fields src/kit/privacy src/identity',
  'src/kit/conversion/fields': 'src/kit',
  'src/kit/audience': 'src/kit src/kit/audience/fields src/identity',
  'src/kit/audience/fields': 'src/kit src/kit/conversion/fields',
  actions: 'src/kit src/kit/conversion src/kit/conversion/fields src/kit/audience src/kit/audience/fields',
  'src/config': 'src/trigger src/mapping ajv jsonc-parser',
  // The way of a record.
  'src/pipeline/route': '',
  'src/pipeline/partition': '',
  'src/pipeline/lane': '',
  'src/pipeline/audience': 'src/pipeline/route src/pipeline/partition src/pipeline/lane',
  'src/pipeline/hold': 'src/pipeline/route src/pipeline/partition src/pipeline/lane src/pipeline/audience',
  'src/pipeline/settle':
    'src/pipeline/route src/pipeline/partition src/pipeline/lane src/pipeline/audience src/pipeline/hold',
  'src/pipeline':
    'src/pipeline/route src/pipeline/partition src/pipeline/lane src/pipeline/audience src/pipeline/hold src/pipeline/settle',
  // The ends of the way.
  'src/delivery': 'p-retry',
  'src/meta': 'undici',
  'src/meta/audiences': 'src/meta',
  'src/kafka/client': 'kafkajs kafkajs/**',
  'src/kafka/dead-letters': 'src/kafka/client kafkajs',
  'src/kafka/parking': 'src/kafka/client kafkajs',
  'src/kafka/tokens': '',
  'src/kafka/consumer': 'src/kafka/client src/kafka/parking kafkajs',
  'src/kafka/embedded': '',
  'src/file': '',
  'src/observe': 'pino prom-client fastify',
  // The sandbox: a Graph API of its own, which knows nothing of the rest.
  'src/sandbox/graph': 'src/sandbox/options.ts fastify',
  'src/sandbox/conversions': 'src/sandbox/options.ts src/sandbox/graph',
  'src/sandbox/audiences': 'src/sandbox/options.ts src/sandbox/graph',
  'src/sandbox/faults': 'src/sandbox/options.ts src/sandbox/graph fastify',
  'src/sandbox/admin':
    'src/sandbox/options.ts src/sandbox/graph src/sandbox/conversions src/sandbox/audiences src/sandbox/faults fastify',
  'src/sandbox':
    'src/sandbox/graph src/sandbox/conversions src/sandbox/audiences src/sandbox/faults src/sandbox/admin fastify',
  // What puts all of that together.
  'src/connector':
    'src/config src/delivery src/file src/kafka/client src/kafka/consumer src/kafka/dead-letters src/kafka/parking src/kafka/tokens src/kit src/meta src/meta/audiences src/observe src/pipeline src/pipeline/audience src/pipeline/lane src/pipeline/route',
  'src/replay':
    'src/config src/connector src/file src/kafka/dead-letters src/pipeline/audience src/pipeline/partition src/pipeline/route',
  'src/replace': 'src/delivery src/file src/kit/audience src/meta/audiences src/pipeline/partition',
  src: 'src/config src/connector src/identity src/kit src/mapping src/sandbox src/trigger',
  'src/cli/audiences':
    'src/cli src/config src/connector src/kit/audience src/meta src/meta/audiences src/replace commander',
  'src/cli/demo':
    'src/cli src/config src/connector src/kafka/client src/kafka/embedded src/sandbox src/sandbox/admin examples commander',
  'src/cli/explain':
    'src/cli src/config src/identity src/kit/privacy src/mapping src/meta src/meta/audiences src/observe src/pipeline/audience src/pipeline/route src/trigger commander',
  'src/cli': 'src/cli/audiences src/cli/demo src/cli/explain src/config src/connector src/replay src/sandbox commander',
} as const satisfies Record<string, string>;
