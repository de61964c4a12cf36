/**
 * The public API of the package. What is exported here stays stable; everything else may change without notice.
 *
 * @module
 */

// Running the connector inside a program of your own.
export type { Connector, ConnectorOptions } from './connector/connector-types.ts';
export { createConnector } from './connector/connector.ts';
export type { LoadDestinationOptions } from './connector/load-destination.ts';
export { loadDestination } from './connector/load-destination.ts';
export type { BlockedLane } from './connector/readiness.ts';
export type { ProcessSettings } from './config/environment.ts';
export { readSettings } from './config/environment.ts';
export type { Telemetry } from './core/ports.ts';
export type { Destination } from './core/subscription.ts';
export type { TelemetryEvent } from './core/telemetry.ts';

// What is thrown, and the problems of a destination file in its details.
export type { Problem } from './config/document.ts';
export { ConnectorError } from './core/errors.ts';

// Writing actions of your own.
export type { Action, ActionContext, ActionDefinition, ActionResult, ConversionEvent } from './core/action.ts';
export type { AnalyticsEvent } from './core/event.ts';
export type { FieldDefinition, FieldDefinitions } from './core/field.ts';
export { loadAvailableActions, loadBuiltInActions } from './connector/available-actions.ts';
export { compileAction } from './kit/compile-action.ts';
export { buildConversion } from './kit/conversion/build-conversion.ts';
export { conversionFields, orderFields, productFields, valueFields } from './kit/conversion/fields/conversion.ts';
export { eventName } from './kit/conversion/fields/event.ts';
export { defineAction } from './kit/define-action.ts';
export { firstPresent, path, property, trait } from './kit/field-defaults.ts';

// The languages of a destination file, and the normalization of identifiers, on their own.
export { hashIdentifier, normalize } from './identity/identify.ts';
export type { IdentityOptions } from './identity/options.ts';
export { compileMapping } from './mapping/compile.ts';
export { compileTrigger } from './trigger/compile-trigger.ts';

// A Graph API to test against.
export type { SandboxOptions } from './sandbox/graph/options.ts';
export type { Sandbox } from './sandbox/server.ts';
export { createSandbox } from './sandbox/server.ts';
