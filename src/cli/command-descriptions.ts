/** What each command says of itself, for the help, which loads none of them. Made by `npm run generate`. */
export const commandDescriptions: Readonly<Record<string, string>> = {
  init: 'Writes a first mapping with its tests, made for the events that a file or a topic holds.',
  run: 'Runs the connector: from Kafka, or a file of NDJSON, to Meta.',
  replay: 'Sends dead letters again, each to the one subscription that failed, and marks those that are done.',
  validate:
    'Checks destination files, and the file that SOURCES names: every problem with file, line, column and what to do.',
  explain: 'Shows what would be sent for events, and why the rest is not. Sends nothing.',
  send: 'Sends one event to Meta now, past every queue, and shows the request, the answer and where to look.',
  diff: 'Shows what another configuration would make of the same events. Sends nothing, commits nothing.',
  doctor: 'Looks at everything that a run needs, and says what is wrong and what to do. Changes nothing.',
  test: 'Runs the tests beside mappings (*.test.json): events in, what is expected of them out. Sends nothing.',
  import:
    'Makes destination files, tests and a report of what another product exports. Sends nothing, and copies no secret. Exit code 1: something needs a decision.',
  tail: 'Shows decisions as they happen, sampled: of a running connector, or of a topic. Identifiers of people are not shown.',
  top: 'Shows how a running connector is: its state in a sentence, and each subscription with its rates.',
  sandbox: 'Runs a Graph API that behaves like Meta, for trying things: GET /_sandbox/requests shows what came.',
  demo: 'Runs the real connector between an embedded broker and the sandbox, on events of an invented shop.',
  actions: 'Lists the actions, or the fields of one.',
  audiences: 'Looks at Custom Audiences, and replaces one by a file.',
  erase:
    'Erases people: from every audience of the ad accounts in the mappings, and from dead letters and the marks of replays.',
  completion: 'Prints a script by which a shell completes commands and options.',
  fingerprint: 'Prints the eight characters by which reports of rejections name a value.',
};
