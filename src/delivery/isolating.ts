import type { Delivery, FinalSink } from '../core/delivery.ts';
import { ConnectorError } from '../core/errors.ts';
import { type FinalOutcome, rejected } from '../core/outcome.ts';
import type { Gate } from './gate.ts';
import type { Refusal, SettledOutcome, SplittingSink } from './split.ts';
import { type UnknownCodes, createUnknownCodes } from './unknown-codes.ts';

/** Deliveries that are sent together, as indexes in the call, in order. */
interface Portion {
  readonly places: readonly number[];
  /**
   * The other portion of a request that was refused as one: if that is accepted, the guilty delivery is in this one.
   */
  readonly sibling?: Portion;
  /** `together`: of a portion that was split because it kept failing; `alone`: it failed by itself. */
  readonly keptFailing?: 'together' | 'alone';
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
 */
export function isolating({ sink, gate }: { readonly sink: SplittingSink; readonly gate: Gate }): FinalSink {
  const unknownCodes = createUnknownCodes(gate);
  return {
    send: async (deliveries, signal) => {
      const call = startCall(deliveries, gate, unknownCodes);
      for (let portion = call.next(); portion !== undefined; portion = call.next()) {
        const sent = portion.places.flatMap((place) => deliveries[place] ?? []);
        call.take(portion, await sink.send(sent, signal, portion.keptFailing === 'together'));
      }
      return call.outcomes();
    },
  };
}

function startCall(deliveries: readonly Delivery[], gate: Gate, unknownCodes: UnknownCodes) {
  const outcomes: (FinalOutcome | undefined)[] = deliveries.map(() => undefined);
  const portions: Portion[] = deliveries.length === 0 ? [] : [{ places: deliveries.map((_, place) => place) }];
  const requests = deliveries.map(() => 0);
  const accepted = new Set<Portion>();
  const suspects = unknownCodes.startCall();
  let indexTrusted = true;

  function counted(outcome: FinalOutcome, place: number): FinalOutcome {
    const attempts = requests[place] ?? 0;
    return outcome.kind === 'delivered' || attempts === 1 ? outcome : { ...outcome, attempts };
  }

  /** One delivery that keeps failing may take minutes until it is final: the others go first. */
  function nextPortion(): Portion | undefined {
    const at = portions.findLastIndex(({ keptFailing }) => keptFailing !== 'alone');
    return at < 0 ? portions.pop() : portions.splice(at, 1)[0];
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
    /** The next portion to send; undefined when every delivery is final. */
    next: (): Portion | undefined => {
      for (let portion = nextPortion(); portion !== undefined; portion = nextPortion()) {
        const guilty = portion.sibling !== undefined && accepted.has(portion.sibling);
        if (!guilty || portion.places.length === 1) return portion;
        // Sent as a whole it would be refused again.
        addPortions(halves(portion.places, true));
      }
      return undefined;
    },
    take: (portion: Portion, answers: readonly SettledOutcome[]): void => {
      const refused: number[] = [];
      const split: number[] = [];
      let refusal: Refusal | undefined;
      portion.places.forEach((place, at) => {
        const answer = answers[at];
        if (answer === undefined) throw miscounted(portion.places.length, answers.length);
        requests[place] = (requests[place] ?? 0) + attemptsOf(answer);
        if (answer.kind === 'split') split.push(place);
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
      addPortions(failing(split));
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

/** Parts of what kept failing. */
function failing(places: readonly number[]): readonly Portion[] {
  const keptFailing = places.length === 1 ? 'alone' : 'together';
  return halves(places, false).map((half): Portion => ({ ...half, keptFailing }));
}

function miscounted(sent: number, answered: number): ConnectorError {
  return new ConnectorError('OUTCOME_COUNT', `A sink answered ${answered} outcomes for ${sent} deliveries.`);
}
