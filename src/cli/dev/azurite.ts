/** Azurite's account and key are the same on every machine; Microsoft publishes them. */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Connection string of an Azurite on this machine whose blobs, queues and tables have three ports in a row. */
export function azuriteConnection(firstPort: number): string {
  const endpoints = ['Blob', 'Queue', 'Table'].map(
    (service, at) => `${service}Endpoint=http://127.0.0.1:${firstPort + at}/${ACCOUNT}`,
  );
  return ['DefaultEndpointsProtocol=http', `AccountName=${ACCOUNT}`, `AccountKey=${KEY}`, ...endpoints, ''].join(';');
}
