import { AsyncLocalStorage } from 'node:async_hooks';
import { hostname } from 'node:os';
import type { TokenCredential } from '@azure/identity';
import {
  AzureMonitorLogExporter,
  AzureMonitorMetricExporter,
  AzureMonitorTraceExporter,
} from '@azure/monitor-opentelemetry-exporter';
import { type Attributes, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { LOG_LEVELS, type Log, type LogLevel, type LogLine } from '../log.js';
import type { Fields, Gauges, Telemetry, Work } from './telemetry.js';

/** The role under which Application Insights shows all processes of the bot. */
const ROLE = 'policy-desk';
/** For what is left at the end. */
const LAST_SEND_MS = 3_000;
const NAME = 'policydesk';

/** As OpenTelemetry's data model of logs numbers them. */
const SEVERITY = { debug: 5, info: 9, warn: 13, error: 17 } as const;
type Level = keyof typeof SEVERITY;

/** Work that comes from outside, which Application Insights shows as requests. */
const FROM_OUTSIDE: readonly Work[] = ['turn', 'upload'];

/** Work that is of interest only where something of it is logged. */
const TOLD_BY_WHAT_IT_SAYS: readonly Work[] = ['sweep', 'turn'];

export interface AzureMonitorOptions {
  /** Of an Application Insights resource. */
  readonly connectionString: string;
  /** Proves who sends; left out, nothing does but the connection string. */
  readonly credential?: TokenCredential;
  readonly log: Log;
  /** What the log leaves out is not told either. */
  readonly level: LogLevel;
  readonly version: string;
}

/** What is known of a piece of work while it is under way. */
interface UnderWay {
  readonly span: Span;
  intent?: string;
  outcome?: string;
  /** Whether anything was logged meanwhile. */
  spoke: boolean;
}

/**
 * Tells Azure Monitor, by OpenTelemetry: log lines as log records, work as spans, and metrics. Nothing is registered for the
 * process, so no library adds anything of its own; and every attribute is a field of a log line.
 */
export function azureMonitor({ log, level, version, ...to }: AzureMonitorOptions): Telemetry {
  const sdk = startSdk(to, version);
  const current = new AsyncLocalStorage<UnderWay>();
  const durations = sdk.meter.createHistogram(`${NAME}.turn.duration`, { unit: 'ms' });
  const tell = recordsOf(sdk, current);
  return {
    log: alsoTelling(log, level, tell),
    async during(work, fields, task) {
      const kind = FROM_OUTSIDE.includes(work) ? SpanKind.SERVER : SpanKind.INTERNAL;
      const parent = current.getStore()?.span;
      const span = sdk.tracer.startSpan(
        work,
        { kind, attributes: attributesOf(fields) },
        parent ? trace.setSpan(ROOT_CONTEXT, parent) : ROOT_CONTEXT,
      );
      const underWay: UnderWay = { span, spoke: false };
      const began = performance.now();
      try {
        return await current.run(underWay, task);
      } catch (error) {
        underWay.outcome = 'failed';
        throw error;
      } finally {
        const { intent, outcome } = underWay;
        if (work === 'turn') durations.record(performance.now() - began, attributesOf(resultOf(underWay)));
        span.setAttributes(attributesOf({ ...(intent && { intent }), ...(outcome && { outcome }) }));
        if (outcome === 'failed') span.setStatus({ code: SpanStatusCode.ERROR });
        // A round that found nothing to do is told by the age of its sweep, and floods of strangers are not to fill the workspace; a
        // span that is not ended is not sent.
        if (underWay.spoke || !TOLD_BY_WHAT_IT_SAYS.includes(work)) span.end();
      }
    },
    measure: (gauges) => measure(sdk.meter, gauges),
    stop: () => sdk.stop(),
  };
}

function startSdk(to: Pick<AzureMonitorOptions, 'connectionString' | 'credential'>, version: string) {
  const options = { ...to, disableOfflineStorage: true };
  const resource: Resource = resourceFromAttributes({
    'service.name': ROLE,
    'service.version': version,
    'service.instance.id': hostname(),
  });
  const traces = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new AzureMonitorTraceExporter(options))],
  });
  const meters = new MeterProvider({
    resource,
    readers: [new PeriodicExportingMetricReader({ exporter: new AzureMonitorMetricExporter(options) })],
  });
  const logs = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor(new AzureMonitorLogExporter(options))],
  });
  return {
    tracer: traces.getTracer(NAME),
    meter: meters.getMeter(NAME),
    logger: logs.getLogger(NAME),
    async stop(): Promise<void> {
      const sent = Promise.allSettled([meters.shutdown(), logs.shutdown(), traces.shutdown()]);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, LAST_SEND_MS);
      });
      await Promise.race([sent, late]);
      clearTimeout(timer);
    },
  };
}
type Sdk = ReturnType<typeof startSdk>;

/** What a log line means besides being one. */
function recordsOf({ logger, meter }: Sdk, current: AsyncLocalStorage<UnderWay>) {
  const counters = {
    'delivery.poison': meter.createCounter(`${NAME}.delivery.poison`),
    'delivery.given_up': meter.createCounter(`${NAME}.delivery.given_up`),
  };
  return (level: Level, line: LogLine): void => {
    const underWay = current.getStore();
    if (underWay) note(underWay, line);
    const { event, ...fields } = line;
    // What nobody needs any more is given up as well, and is no error.
    if (level === 'error' && (event === 'delivery.poison' || event === 'delivery.given_up')) counters[event].add(1);
    logger.emit({
      severityNumber: SEVERITY[level],
      severityText: level,
      body: event,
      attributes: attributesOf(fields),
      context: underWay ? trace.setSpan(ROOT_CONTEXT, underWay.span) : ROOT_CONTEXT,
    });
  };
}

/** What came of a turn is told by the lines that it logs. */
function note(underWay: UnderWay, { event, intent, outcome }: LogLine): void {
  underWay.spoke = true;
  if (intent !== undefined) underWay.intent = intent;
  if (event === 'ask.handled' && outcome !== undefined) underWay.outcome = outcome;
  if (event === 'turn.failed' || event.endsWith('_failed')) underWay.outcome = 'failed';
  if (event === 'turn.refused') underWay.outcome = 'refused';
  if (event === 'turn.limited') underWay.outcome = 'limited';
}

const resultOf = ({ intent = 'none', outcome = 'handled' }: UnderWay): Fields => ({ intent, outcome });

function measure(meter: Sdk['meter'], gauges: Gauges): void {
  meter.createObservableGauge(`${NAME}.delivery.oldest_owed`, { unit: 's' }).addCallback((result) => {
    const seconds = gauges.oldestOwedSeconds();
    if (seconds !== undefined) result.observe(seconds);
  });
  meter.createObservableGauge(`${NAME}.sweep.last_run_age`, { unit: 's' }).addCallback((result) => {
    for (const { sweep, seconds } of gauges.sweepAges()) result.observe(seconds, { sweep });
  });
  meter.createObservableGauge(`${NAME}.ready`).addCallback(async (result) => {
    result.observe((await gauges.isReady()) ? 1 : 0);
  });
}

function alsoTelling(log: Log, written: LogLevel, tell: (level: Level, line: LogLine) => void): Log {
  const both = (level: Level) => (line: LogLine) => {
    log[level](line);
    if (written !== 'silent' && LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(written)) tell(level, line);
  };
  return { error: both('error'), warn: both('warn'), info: both('info'), debug: both('debug') };
}

/** What is not there is left out. */
function attributesOf(fields: Fields): Attributes {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
