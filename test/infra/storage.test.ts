import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/log.js';
import { LazyContainer } from '../../src/storage/blobs.js';
import { storageDeliveryQueue } from '../../src/storage/delivery-queue.js';
import { evidenceBlobs } from '../../src/storage/evidence-blobs.js';
import { LazyQueue } from '../../src/storage/queues.js';
import { summaryDocuments } from '../../src/storage/summary-documents.js';
import type { Resource } from './bicep/expand.js';
import { at, changed, deployed, ofType } from './templates.js';

const STORAGE = 'modules/storage.bicep';

type Files = Map<string, string>;

describe('storage', () => {
  const lastName = ({ name }: Resource) => name.split('/').at(-1) ?? '';
  const namesOf = (type: string, files?: Files) =>
    ofType(deployed({}, files).resources, `Microsoft.Storage/storageAccounts/${type}`).map(lastName).toSorted();

  /** The queues that the code opens. */
  function queuesOfTheCode(): string[] {
    const names: string[] = [];
    const nothing = () => {
      throw new Error('Nothing is asked of a queue here.');
    };
    const queue = (name: string) => {
      names.push(name);
      return new LazyQueue(nothing);
    };
    storageDeliveryQueue({ queue, unreachable: async () => undefined }, createLog('silent'));
    return names.toSorted();
  }

  /** The containers that the code opens to keep things in. */
  function containersOfTheCode(): string[] {
    const names: string[] = [];
    const nothing = () => {
      throw new Error('Nothing is asked of a container here.');
    };
    const container = (name: string) => {
      names.push(name);
      return new LazyContainer(nothing);
    };
    const blobs = { container, unreachable: async () => undefined };
    evidenceBlobs(blobs);
    summaryDocuments(blobs);
    return names.toSorted();
  }

  it('has the queues and containers that the code uses', () => {
    expect(queuesOfTheCode()).toEqual(['deliveries', 'deliveries-poison']);
    expect(namesOf('queueServices/queues')).toEqual(queuesOfTheCode());
    expect(namesOf('blobServices/containers')).toEqual([...containersOfTheCode(), 'doctor', 'schools'].toSorted());
    expect(namesOf('queueServices/queues', changed(STORAGE, "'deliveries-poison'", "'poison'"))).not.toEqual(
      queuesOfTheCode(),
    );
  });

  it('is scaled by the queue that wakes the workers, as the identity', () => {
    const { resources } = deployed();
    const rules = at(
      ofType(resources, 'Microsoft.App/containerApps')[0]?.body,
      'properties.template.scale.rules',
    ) as readonly Record<string, unknown>[];
    expect(rules.map(({ name }) => name)).toEqual(['requests', 'deliveries']);
    expect(rules[1]?.custom).toMatchObject({
      type: 'azure-queue',
      identity: expect.stringContaining('oaktrust-identity'),
      metadata: {
        accountName: ofType(resources, 'Microsoft.Storage/storageAccounts')[0]?.name,
        queueName: 'deliveries',
      },
    });
    expect(queuesOfTheCode()).toContain(at(rules[1], 'custom.metadata.queueName'));
  });

  it('is private, versioned, and opened by no key', () => {
    const { resources } = deployed();
    expect(ofType(resources, 'Microsoft.Storage/storageAccounts')[0]?.body.properties).toMatchObject({
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
    });
    expect(ofType(resources, 'Microsoft.Storage/storageAccounts/blobServices')[0]?.body.properties).toEqual({
      isVersioningEnabled: true,
      deleteRetentionPolicy: { enabled: true, days: 30 },
      containerDeleteRetentionPolicy: { enabled: true, days: 30 },
    });
    for (const { body } of ofType(resources, 'Microsoft.Storage/storageAccounts/blobServices/containers'))
      expect(body.properties).toEqual({ publicAccess: 'None' });
    expect(ofType(resources, 'Microsoft.Authorization/locks')[0]).toMatchObject({
      scope: `Microsoft.Storage/storageAccounts ${ofType(resources, 'Microsoft.Storage/storageAccounts')[0]?.name}`,
      body: { properties: { level: 'CanNotDelete' } },
    });
  });

  it('keeps evidence from being deleted only where a trust says so', () => {
    const policies = (days: number) =>
      ofType(
        deployed({ evidenceImmutabilityDays: days }).resources,
        'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies',
      );
    expect(policies(0)).toEqual([]);
    expect(policies(14)).toMatchObject([
      {
        name: expect.stringMatching(/\/default\/evidence\/default$/u),
        body: { properties: { immutabilityPeriodSinceCreationInDays: 14 } },
      },
    ]);
  });
});
