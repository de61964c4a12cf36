import type { Caller } from './access.ts';
import type { RouteName, routes } from '../contract/routes.ts';
import type { Of } from '../contract/shape.ts';

type RouteOf<N extends RouteName> = (typeof routes)[N];

export type AnswerOf<N extends RouteName> = Of<RouteOf<N>['answer']>;

/** A request that was let in, and whose query and body have the shapes of the route. */
export interface Call<N extends RouteName = RouteName> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: RouteOf<N> extends { readonly query: infer Q } ? Of<Q> : undefined;
  readonly body: RouteOf<N> extends { readonly body: infer B } ? Of<B> : undefined;
  readonly caller: Caller;
  /** The caller has gone. */
  readonly signal: AbortSignal;
}

/** Why there is no answer. */
export interface Refused {
  readonly refused: number;
  readonly code: string;
  readonly error: string;
  readonly fix?: string;
}

export type Handler<N extends RouteName> = (call: Call<N>) => AnswerOf<N> | Refused | Promise<AnswerOf<N> | Refused>;

export type Handlers<N extends RouteName = RouteName> = { readonly [K in N]: Handler<K> };

export function refuse(status: number, code: string, error: string, fix?: string): Refused {
  return { refused: status, code, error, ...(fix !== undefined && { fix }) };
}

export function isRefused(answer: unknown): answer is Refused {
  return typeof answer === 'object' && answer !== null && 'refused' in answer;
}
