/**
 * Which folder may import which, from the bottom up: a row for each folder of the product with the rows above it in
 * this table, and the packages, that its files may import. Itself, `core` and `node:*` go without saying. Folders are
 * under `src/`, but for `actions`. A folder without a row may import nothing. `npm run generate` makes Biome's rules
 * of it (biome.layers.json); test/lint/layers.test.ts holds that no row names one below itself, or one it doesn't use.
 */
export const layers: Readonly<Record<string, string>> = {
  core: '',
  // What a mapping file says, and what Meta wants.
  trigger: '',
  'mapping/values': 'liquidjs',
  'mapping/directives': 'mapping/values',
  mapping: 'mapping/{values,directives}',
  identity: 'libphonenumber-js',
  kit: 'ajv',
  'kit/privacy': 'identity',
  'kit/conversion/fields': 'kit identity',
  'kit/conversion': 'kit kit/conversion/fields kit/privacy identity',
  'kit/audience/fields': 'kit kit/conversion/fields',
  'kit/audience': 'kit kit/audience/fields identity',
  actions: 'kit kit/{conversion,audience} kit/{conversion,audience}/fields',
  config: 'trigger mapping mapping/values identity ajv jsonc-parser',
  // Exports of other products, as mapping files.
  import: 'trigger mapping/values config yaml',
  // The way of a record.
  'pipeline/route': '',
  'pipeline/partition': '',
  'pipeline/lane': '',
  'pipeline/audience': 'pipeline/{route,partition,lane}',
  'pipeline/hold': 'pipeline/{route,partition,lane,audience}',
  'pipeline/settle': 'pipeline/{route,partition,lane,hold}',
  pipeline: 'pipeline/{route,partition,lane,audience,hold,settle}',
  // Who a record is about.
  people: 'identity',
  // The ends of the way.
  delivery: '',
  http: 'undici fastify',
  // Bytes that aren't plain JSON, as JSON.
  'formats/registry': '',
  'formats/values': '',
  'formats/avro': 'formats/values',
  'formats/protobuf': 'formats/values protobufjs',
  formats: 'formats/{registry,values,avro,protobuf}',
  meta: 'http undici',
  'meta/audiences': 'meta',
  'kafka/client': 'kafkajs p-retry',
  'kafka/dead-letters': 'kafka/client kafkajs',
  'kafka/members': 'kafka/client kafkajs',
  'kafka/parking': 'kafka/client kafkajs',
  'kafka/consumer': 'kafka/{client,parking} kafkajs',
  'kafka/tokens': '',
  'kafka/embedded': '',
  file: 'formats/avro',
  // Serves the files of console/.
  pages: 'fastify',
  observe: 'http pages pino prom-client fastify',
  // Tells people of changes of state.
  notify: '',
  tracing: 'meta @opentelemetry/api',
  // A Graph API of its own, which knows nothing of the connector.
  'sandbox/graph': '',
  'sandbox/conversions': 'sandbox/graph',
  'sandbox/audiences': 'sandbox/graph',
  'sandbox/faults': 'sandbox/graph',
  'sandbox/admin': 'pages sandbox/{graph,conversions,audiences,faults} fastify',
  sandbox: 'http sandbox/{graph,conversions,audiences,faults,admin} fastify',
  // What puts all of that together.
  connector:
    'kit config pipeline pipeline/{route,lane,audience} people delivery http formats formats/registry meta meta/audiences kafka/{client,dead-letters,members,parking,consumer,tokens} file observe notify tracing',
  replay: 'config pipeline/route kafka/dead-letters file connector',
  replace: 'kit/audience pipeline/partition delivery meta/audiences file',
  explain: 'trigger mapping identity kit/{audience,privacy} config pipeline/{route,audience} meta meta/audiences',
  'api/contract': '',
  'api/traffic': '',
  'api/server': 'config api/contract fastify ajv',
  'api/dead-letters': 'meta explain api/{contract,server}',
  'api/views': 'kit config connector observe explain api/{contract,traffic,server}',
  'api/explain': 'config pipeline/route formats connector explain api/{server,dead-letters,views}',
  'api/members': 'api/{contract,server}',
  'api/decisions': 'pipeline/route api/{contract,server,dead-letters}',
  'api/replays': 'config explain replay api/{server,dead-letters,views}',
  api: 'config pipeline/route connector api/{traffic,server,dead-letters,views,explain,members,decisions,replays}',
  // Several processes that are one run.
  workers: 'config observe connector api/{contract,server,traffic,views,members} pino prom-client',
  'workers/console': 'config connector observe workers api api/{server,traffic,views,decisions,explain,replays}',
  diff: 'kit/conversion pipeline/route',
  erasure: 'identity kit/audience config people meta/audiences kafka/{dead-letters,parking} file connector replace',
  '.': 'trigger mapping identity kit kit/conversion kit/conversion/fields config sandbox sandbox/graph connector',
  'cli/command': 'config file observe connector api api/dead-letters commander',
  'cli/audiences': 'kit/audience config meta meta/audiences connector replace cli/command commander',
  'cli/demo': 'config kafka/{client,embedded} sandbox sandbox/admin connector api cli/command examples commander',
  'cli/explain': 'trigger mapping explain config pipeline/route file observe connector cli/command commander',
  'cli/diff': 'config file connector diff cli/command commander',
  'cli/doctor': 'config http formats/registry meta kafka/client connector cli/command commander kafkajs',
  'cli/import': 'trigger explain config connector import cli/command examples commander',
  'cli/test': 'trigger identity kit/conversion explain config connector cli/{command,explain} examples commander',
  'cli/send': 'explain config pipeline/route meta connector cli/{command,explain} examples commander',
  'cli/completion': 'cli/command commander',
  'cli/init': 'config pipeline/route file connector cli/{command,explain,test} examples commander',
  cli: 'identity config meta workers workers/console file observe sandbox sandbox/graph connector replay replace erasure pipeline/route api api/{server,decisions,traffic} cli/{command,audiences,demo,explain,test,doctor,diff,init,import,send,completion} commander pino',
};

export interface Row {
  /** As the repository names it: `src/core`, `actions`, `src`. */
  readonly folder: string;
  readonly folders: readonly string[];
  readonly packages: readonly string[];
}

/** Folders of the repository that are no part of `src/`. */
const outside = ['actions', 'examples'];

/** The rows in their order, with `core` where it goes without saying. */
export function rowsOf(table: Readonly<Record<string, string>>): readonly Row[] {
  return Object.entries(table).map(([name, allowed]) => {
    const words = allowed.split(' ').flatMap(spread);
    const isFolder = (word: string) => word in table || outside.includes(word);
    return {
      folder: pathOf(name),
      folders: [...(name === 'core' ? [] : ['core']), ...words.filter(isFolder)].map(pathOf),
      packages: words.filter((word) => word !== '' && !isFolder(word)),
    };
  });
}

/** `a/{b,c}/d` in full: `a/b/d` and `a/c/d`. */
function spread(word: string): readonly string[] {
  const [, before = '', names = '', after = ''] = /^(.*)\{(.*)\}(.*)$/.exec(word) ?? [];
  return names === '' ? [word] : names.split(',').map((name) => `${before}${name}${after}`);
}

function pathOf(name: string): string {
  if (name === '.') return 'src';
  return outside.includes(name) ? name : `src/${name}`;
}
