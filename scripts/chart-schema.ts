import { settings } from '../src/config/environment.ts';
import { type ChartPlace, chartSettings } from './chart-settings.ts';

const text = { type: 'string' };
const flag = { type: 'boolean' };
const count = { type: 'integer', minimum: 1 };
const anyObject = { type: 'object' };
const texts = { type: 'object', additionalProperties: text };
/** Of `auto` the type alone says too much: a flag, or none, is a mistake that a pod would only tell when it starts. */
const workers = { anyOf: [{ type: 'integer', minimum: 1, maximum: 64 }, { enum: ['auto'] }] };
const filled = { type: 'string', minLength: 1 };

/** Only what is named. */
function closed(properties: Readonly<Record<string, object>>, required: readonly string[] = []) {
  return { type: 'object', additionalProperties: false, properties, ...(required.length > 0 && { required }) };
}

/** The chart's `values.schema.json`: a setting that the program doesn't know is refused before anything is installed. */
export function chartSchema(): object {
  const keyOfSecret = closed({ secret: filled, key: filled }, ['secret', 'key']);
  const ownSettings = closed({
    ...bySetting('settings', { type: ['string', 'integer', 'boolean'] }),
    WORKERS: { ...workers, description: settings.WORKERS.description },
  });
  const destination = closed({
    name: { ...filled, description: 'The name in the mapping, if it is not the key.' },
    mapping: text,
    existingConfigMap: text,
    secret: closed({ existingSecret: text, externalSecret: anyObject }),
    replicas: count,
    partitions: count,
    settings: ownSettings,
    autoscaling: closed({ minReplicas: count, maxReplicas: count, lagPerReplica: count }, [
      'minReplicas',
      'maxReplicas',
      'lagPerReplica',
    ]),
    resources: anyObject,
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    description:
      'Written by scripts/generate-chart.ts: change scripts/chart-schema.ts, or the settings of the program.',
    ...closed({
      global: anyObject,
      image: closed({
        repository: filled,
        tag: text,
        digest: { type: 'string', pattern: '^(sha256:[0-9a-f]{64})?$' },
        pullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'] },
      }),
      imagePullSecrets: { type: 'array', items: closed({ name: filled }, ['name']) },
      settings: ownSettings,
      secretFiles: closed(bySetting('secretFiles', keyOfSecret)),
      secretEnv: closed(bySetting('secretEnv', keyOfSecret)),
      // A setting of the program belongs into `settings`, where it is known.
      runtimeEnv: { ...texts, propertyNames: { pattern: '^(NODE|OTEL)_|^TZ$' } },
      sources: text,
      actions: text,
      destinations: {
        type: 'object',
        // It is part of the names of objects.
        propertyNames: { pattern: '^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$' },
        additionalProperties: destination,
      },
      resources: anyObject,
      terminationGracePeriodSeconds: { type: ['integer', 'null'], minimum: 1 },
      serviceAccount: closed({ name: text, annotations: texts }),
      ops: closed({ port: { type: 'integer', minimum: 1, maximum: 65_535 } }),
      podDisruptionBudget: closed({ enabled: flag }),
      topologySpread: closed({
        enabled: flag,
        topologyKey: filled,
        maxSkew: count,
        whenUnsatisfiable: { enum: ['ScheduleAnyway', 'DoNotSchedule'] },
      }),
      networkPolicy: closed({
        enabled: flag,
        ingressFrom: { type: 'array', items: anyObject },
        egress: { type: 'array', items: anyObject },
      }),
      serviceMonitor: closed({ enabled: flag, interval: filled, labels: texts }),
      prometheusRule: closed({ enabled: flag, labels: texts }),
      autoscaling: closed({ prometheusAddress: text, selector: texts, pollingInterval: count }),
      extraVolumes: { type: 'array', items: anyObject },
      extraVolumeMounts: { type: 'array', items: anyObject },
      podLabels: texts,
      podAnnotations: texts,
      nodeSelector: texts,
      tolerations: { type: 'array', items: anyObject },
      affinity: anyObject,
      priorityClassName: text,
    }),
  };
}

function bySetting(place: ChartPlace, schema: object) {
  return Object.fromEntries(
    chartSettings(place).map((name) => [name, { ...schema, description: settings[name].description }]),
  );
}
