/**
 * Words that were private to this code, and the field's words that took their place (the glossary of
 * docs/architecture.md). scripts/words.ts holds names of files, exports and variables to them.
 */
export interface Retired {
  /** As in a name: `turnAway`, `letter`. Of several words they must follow one another. */
  readonly word: string;
  readonly becomes: string;
  /** Words of which one in front makes it another thing: a `deadLetter` is right. */
  readonly unlessAfter?: readonly string[];
  /** Words of which one behind makes it another thing. */
  readonly unlessBefore?: readonly string[];
  /** Only the whole name, not a part of one. */
  readonly whole?: true;
  /** Folders in which the word means this thing; everywhere else it is the usual English one. */
  readonly within?: readonly string[];
  /** Folders in which it is another thing, or a public name that has to stay; each with the reason. */
  readonly except?: Readonly<Record<string, string>>;
}

const pipeline = ['src/pipeline', 'test/pipeline'];

export const retired: readonly Retired[] = [
  { word: 'valve', becomes: 'circuit breaker' },
  { word: 'valves', becomes: 'circuit breakers' },
  { word: 'lets', becomes: 'tryAcquire' },
  { word: 'shut', becomes: 'isOpen, close' },
  {
    word: 'fuse',
    becomes: 'rejection rate',
    except: {
      'src/config': 'the name of the setting, which users know',
      'src/core/settings.ts': 'the name of the setting',
      'test/config': 'the name of the setting',
    },
  },
  { word: 'fuses', becomes: 'rejection rates' },
  { word: 'door', becomes: 'audience lookup' },
  { word: 'doors', becomes: 'audience lookups' },
  { word: 'passenger', becomes: 'queued work' },
  { word: 'lot', becomes: 'parking queue' },
  { word: 'lots', becomes: 'parking queues' },
  {
    word: 'place',
    becomes: 'parking partition',
    within: ['src/pipeline', 'src/kafka/parking', 'src/core/parked.ts', 'test/pipeline', 'test/kafka/parking'],
  },
  { word: 'ending', becomes: 'shutdown', whole: true },
  { word: 'flow', becomes: 'backpressure' },
  { word: 'bounds', becomes: 'backpressure', within: pipeline },
  { word: 'took', becomes: 'acquire' },
  { word: 'gaveBack', becomes: 'release' },
  { word: 'halts', becomes: 'lane halts', unlessAfter: ['lane'] },
  { word: 'turnAway', becomes: 'rejectWaiting' },
  { word: 'turnedAway', becomes: 'rejectWaiting' },
  { word: 'expel', becomes: 'rejectHeld' },
  { word: 'look', becomes: 'tick', unlessBefore: ['up', 'ups'] },
  { word: 'looking', becomes: 'ticking' },
  { word: 'recheck', becomes: 'dropRemoved' },
  { word: 'custody', becomes: 'hand-over state' },
  { word: 'told', becomes: 'announced' },
  { word: 'made', becomes: 'the noun, or delivery origins', whole: true },
  {
    word: 'part',
    becomes: 'subscription key',
    whole: true,
    within: ['src/pipeline', 'src/replay', 'src/core', 'src/file'],
  },
  { word: 'partOf', becomes: 'subscriptionKey' },
  { word: 'tally', becomes: 'event counts' },
  { word: 'tracker', becomes: 'offset tracker', unlessAfter: ['offset'] },
  { word: 'progress', becomes: 'partial progress', unlessAfter: ['partial', 'work'], within: pipeline },
  { word: 'recordRoom', becomes: 'record arena' },
  { word: 'occupant', becomes: 'slot' },
  { word: 'spareRooms', becomes: 'buffer pool' },
  {
    word: 'letter',
    becomes: 'dead letter',
    unlessAfter: ['dead'],
    except: lettersOfTheAlphabet('src/identity', 'test/identity', 'src/trigger', 'src/config'),
  },
  {
    word: 'letters',
    becomes: 'dead letters',
    unlessAfter: ['dead'],
    except: lettersOfTheAlphabet('src/identity', 'test/identity', 'src/trigger', 'src/kit'),
  },
  { word: 'hops', becomes: 'replay count' },
  {
    word: 'marks',
    becomes: 'replayed keys',
    within: ['src/replay', 'src/kafka', 'src/file', 'src/core', 'test/replay'],
  },
  { word: 'letterEntries', becomes: 'entry ranges' },
  { word: 'undivided', becomes: 'all or nothing' },
  { word: 'stern', becomes: 'reject when blocked' },
  { word: 'suspicion', becomes: 'unknown codes' },
  { word: 'persistence', becomes: 'poison evidence' },
  { word: 'persisting', becomes: 'retry lookup' },
  { word: 'settling', becomes: 'split', within: ['src/delivery', 'test/delivery'] },
  { word: 'sound', becomes: 'valid' },
  { word: 'clashes', becomes: 'collisions' },
  { word: 'asks', becomes: 'requested changes', within: ['src/replay', 'test/replay'] },
  { word: 'laterChanges', becomes: 'newer changes' },
  { word: 'narrowing', becomes: 'replay scope' },
  { word: 'inForce', becomes: 'active destinations' },
  { word: 'places', becomes: 'endpoints', within: ['src/connector'] },
  { word: 'mend', becomes: 'fix' },
  { word: 'mended', becomes: 'fixed' },
  { word: 'one', becomes: 'the noun', whole: true },
];

function lettersOfTheAlphabet(...folders: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(folders.map((folder) => [folder, 'letters of the alphabet']));
}
