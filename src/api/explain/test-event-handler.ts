import { type Handler, refuse } from '../server/handler.ts';
import type { ConnectorFacts } from '../views/facts.ts';
import { failureText } from '../views/words.ts';
import { pastedRecord } from './explain-handler.ts';

/** Events Manager makes codes of capitals and digits. */
const code = /^[A-Za-z0-9_-]{1,64}$/;

/** Sends an event to the Test events of the Events Manager. */
export function testEventHandler(facts: ConnectorFacts): Handler<'sendTest'> {
  return async ({ body: { destination: name, subscription, event, testEventCode } }) => {
    const destination = facts.destinations().find((each) => each.name === name);
    if (destination?.subscriptions.some(({ id }) => id === subscription) !== true) {
      return refuse(404, 'NO_SUBSCRIPTION', 'no active destination has a subscription of this id');
    }
    if (!code.test(testEventCode)) {
      return refuse(400, 'REQUEST_INVALID', 'testEventCode is none that the Events Manager shows');
    }
    if (facts.holds.of(name).state !== 'none')
      return refuse(409, 'LANE_PAUSED', `${name} is paused`, 'resume it first');
    const record = pastedRecord(Buffer.from(JSON.stringify(event)), facts.now());
    const sent = await facts.sendTest(destination, subscription, record, testEventCode);
    switch (sent.kind) {
      case 'accepted':
        return {
          accepted: true,
          received: sent.received,
          message: 'Meta took it: look at Test events in the Events Manager.',
        };
      case 'refused':
        return { accepted: false, received: 0, message: failureText(sent.failure) };
      case 'not_sent':
        return { accepted: false, received: 0, message: sent.message };
    }
  };
}
