import type { Delivery, FinalSink, OutcomesSoFar } from '../core/delivery.ts';
import { ConnectorError } from '../core/errors.ts';
import { type FinalOutcome, rejected } from '../core/outcome.ts';
import type { Gate } from './gate.ts';
import { deliveriesAt, type KeptFailing, type Refusal, type SettledOutcome, type SplittingSink } from './split.ts';
import { type UnknownCodes, createUnknownCodes } from './unknown-codes.ts';

/** Deliveries that are sent together, as indexes in the call, in order. */
interface Portion {
  readonly places: readonly number[];
  /**
   * The other portion of a request that was refused as one: if that is accepted, the guilty delivery is in this one.
   */
  readonly sibling?: Portion;
  /** Of a portion that was split because it kept failing. */
  readonly keptFailing?: KeptFailing;
  /** Of a portion that was to be sent in smaller requests: how much the lane had delivered by then. */
  readonly halvedAt?: number;
  /** Meta's message named this delivery. */
  readonly named?: true;
}

/**
 * Narrows a request that was refused as a whole until only the guilty deliveries are rejected: at the place that Meta
 * named, else by halving. One guilty delivery among 1,000 costs at most 21 requests. The portions last as long as the
 * call, through every wait and retry of `sink`, and are never merged with other deliveries.
 *
 * If 20 single records in a row are refused with a code that nobody has described, and nothing is delivered meanwhile,
 * the lane is taken to be at fault, not the records: it is blocked, and they wait.
 *
 * What keeps failing alone is sent when all others are final. With `early` nobody waits for it, and several are sent at
 * once.
 */
export function isolating({ sink, gate }: { readonly sink: SplittingSink; readonly gate: Gate }): FinalSink {
  const unknownCodes = createUnknownCodes(gate);
  return {
    send: async (deliveries, signal, early) => {
      const call = startCall(deliveries, gate, unknownCodes);
      const send = async (portion: Portion) => {
        const sent = deliveriesAt(deliveries, portion.places);
        call.take(portion, await sink.send(sent, signal, keptFailing(portion, gate)));
      };
      for (let isFirst = true; ; isFirst = false) {
        for (let portion = call.next(); portion !== undefined; portion = call.next()) await send(portion);
        const alone = call.takeAlone();
        if (alone.length === 0) return call.outcomes();
        if (isFirst) early?.(call.close());
        await eachOf(alone, early === undefined ? 1 : aloneAtOnce, send);
      }
    },
  };
}

/** Each is sent about twice a minute. */
const aloneAtOnce = 32;

async function eachOf(
  portions: readonly Portion[],
  atOnce: number,
  send: (portion: Portion) => Promise<void>,
): Promise<void> {
  const waiting = portions.values();
  const sendWaiting = async () => {
    for (const portion of waiting) await send(portion);
  };
  await Promise.all(portions.slice(0, atOnce).map(sendWaiting));
}

function startCall(deliveries: readonly Delivery[], gate: Gate, unknownCodes: UnknownCodes) {
  const outcomes: (FinalOutcome | undefined)[] = deliveries.map(() => undefined);
  const portions: Portion[] = deliveries.length === 0 ? [] : [{ places: deliveries.map((_, place) => place) }];
  let alone: readonly Portion[] = [];
  const requests = deliveries.map(() => 0);
  const accepted = new Set<Portion>();
  let suspects = unknownCodes.startCall();
  let indexTrusted = true;

  function counted(outcome: FinalOutcome, place: number): FinalOutcome {
    const attempts = requests[place] ?? 0;
    return outcome.kind === 'delivered' || attempts === 1 ? outcome : { ...outcome, attempts };
  }

  function addPortions(added: readonly Portion[]): void {
    portions.push(...added.toReversed());
  }

  function narrow(portion: Portion, places: readonly number[], refusal: Refusal): void {
    const [place] = places;
    if (place === undefined) return;
    if (refusal.known === false && unknownCodes.blamesLane(refusal.failure.code)) blameLane(places, refusal);
    else if (places.length > 1) addPortions(smaller(portion, places, refusal));
    else reject(place, refusal);
  }

  function reject(place: number, refusal: Refusal): void {
    const { failure, known } = refusal;
    outcomes[place] = rejected(failure);
    if (known !== false) unknownCodes.interrupt();
    else {
      suspects.add(place, failure.code);
      if (unknownCodes.blamesLane(failure.code)) blameLane([], refusal);
    }
  }

  function smaller(portion: Portion, places: readonly number[], refusal: Refusal): readonly Portion[] {
    const named = refusal.index === undefined ? undefined : portion.places[refusal.index];
    if (!indexTrusted || named === undefined || !places.includes(named)) return halves(places, refusal.known !== false);
    const first: Portion = { places: [named], named: true };
    return [first, { places: places.filter((place) => place !== named), sibling: first }];
  }

  /** The records that were rejected for this code wait with the others until the lane is fixed. */
  function blameLane(places: readonly number[], refusal: Refusal): void {
    const held = [...suspects.acquit(), ...places];
    addPortions([{ places: held }]);
    const message = `Record after record is refused with the same unknown code. ${refusal.failure.message}`;
    gate.block({ ...refusal.failure, message });
  }

  return {
    /** The next portion to send; undefined when every delivery is final, or keeps failing alone. */
    next: (): Portion | undefined => {
      for (let portion = portions.pop(); portion !== undefined; portion = portions.pop()) {
        const guilty = portion.sibling !== undefined && accepted.has(portion.sibling);
        if (!guilty || portion.places.length === 1) return portion;
        // Sent as a whole it would be refused again.
        addPortions(halves(portion.places, true));
      }
      return undefined;
    },
    /** Those that keep failing alone, and are to be sent now. */
    takeAlone: (): readonly Portion[] => {
      const taken = alone;
      alone = [];
      return taken;
    },
    /** What is final now is told, and not taken back any more. */
    close: (): OutcomesSoFar => {
      suspects = unknownCodes.startCall();
      return outcomes.map((outcome, place) => outcome && counted(outcome, place));
    },
    take: (portion: Portion, answers: readonly SettledOutcome[]): void => {
      const refused: number[] = [];
      const split: number[] = [];
      const halved: number[] = [];
      let refusal: Refusal | undefined;
      portion.places.forEach((place, at) => {
        const answer = answers[at];
        if (answer === undefined) throw miscounted(portion.places.length, answers.length);
        requests[place] = (requests[place] ?? 0) + attemptsOf(answer);
        if (answer.kind === 'split') (answer.halve === true ? halved : split).push(place);
        else if (answer.kind === 'delivered') outcomes[place] = answer;
        else if (answer.whole === true) {
          refused.push(place);
          refusal ??= answer;
        } else outcomes[place] = rejected(answer.failure);
      });
      if (answers.every((answer) => answer.kind === 'delivered')) {
        accepted.add(portion);
        if (portion.named) indexTrusted = false;
      }
      if (split.length === 1) alone = [...alone, { places: split, keptFailing: 'alone' }];
      else addPortions(halves(split, false).map((half): Portion => ({ ...half, keptFailing: 'together' })));
      const halvedAt = gate.successes();
      addPortions(halves(halved, false).map((half): Portion => ({ ...half, halvedAt })));
      if (refusal !== undefined) narrow(portion, refused, refusal);
    },
    outcomes: () => outcomes.flatMap((outcome, place) => (outcome === undefined ? [] : counted(outcome, place))),
  };
}

function attemptsOf(answer: SettledOutcome): number {
  return answer.kind === 'delivered' ? 1 : (answer.attempts ?? 1);
}

/** `refused`: because of one of the deliveries, so that it must be in the second half if the first is accepted. */
function halves(places: readonly number[], refused: boolean): readonly Portion[] {
  if (places.length < 2) return places.length === 0 ? [] : [{ places }];
  const middle = Math.ceil(places.length / 2);
  const first: Portion = { places: places.slice(0, middle) };
  const second = { places: places.slice(middle) };
  return [first, refused ? { ...second, sibling: first } : second];
}

/**
 * Meta asks for smaller requests in an outage, too, where nothing gets through any more: the first single delivery waits for
 * its end. As one that is at fault it would be passed over, and so would all the others.
 */
function keptFailing({ keptFailing: known, halvedAt }: Portion, gate: Gate): KeptFailing | undefined {
  return known ?? (halvedAt !== undefined && gate.successes() > halvedAt ? 'together' : undefined);
}

function miscounted(sent: number, answered: number): ConnectorError {
  return new ConnectorError('OUTCOME_COUNT', `A sink answered ${answered} outcomes for ${sent} deliveries.`);
}
