/**
 * The public API of the package. What stands here stays stable; everything else may change without notice.
 */
export type { Connector, ConnectorOptions } from './connector/connector.ts';
export { createConnector } from './connector/connector.ts';
export type { Problem } from './config/document.ts';
export { readSettings } from './config/environment.ts';
export type { ActionContext, ActionDefinition, ActionResult } from './core/action.ts';
export { ConnectorError } from './core/errors.ts';
export type { AnalyticsEvent } from './core/event.ts';
export type { FieldDefinition, FieldDefinitions } from './core/field.ts';
export type { Destination } from './core/subscription.ts';
export { hashIdentifier, normalize } from './identity/identify.ts';
export type { IdentityOptions } from './identity/options.ts';
export { compileAction } from './kit/compile-action.ts';
export { defineAction } from './kit/define-action.ts';
export type { LoadDestinationOptions } from './connector/load-destination.ts';
export { loadDestination } from './connector/load-destination.ts';
export { compileMapping } from './mapping/compile.ts';
export type { SandboxOptions } from './sandbox/graph/options.ts';
export type { Sandbox } from './sandbox/server.ts';
export { createSandbox } from './sandbox/server.ts';
export { compileTrigger } from './trigger/compile-trigger.ts';
