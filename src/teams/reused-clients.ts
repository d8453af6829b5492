import { type BotFrameworkAuthentication, type ConnectorClient, ConnectorFactory } from 'botframework-connector';

/** Teams has a handful of addresses; more than this would be a mistake somewhere, and must not fill the memory. */
const MOST_CLIENTS = 50;

/**
 * Has the SDK make its HTTP clients once rather than for every turn, where making them takes as long as the rest of a turn's
 * work. A client knows an address and the bot's credentials, nothing of a turn; credentials renew their token by themselves.
 */
export function reuseClients(authentication: BotFrameworkAuthentication): void {
  const connectors = new Map<string, Promise<ConnectorClient>>();
  const authenticate = authentication.authenticateRequest.bind(authentication);
  authentication.authenticateRequest = async (activity, authorization) => {
    const request = await authenticate(activity, authorization);
    if (request.connectorFactory) request.connectorFactory = new ReusingFactory(request.connectorFactory, connectors);
    return request;
  };

  const createTokenClient = authentication.createUserTokenClient.bind(authentication);
  let tokenClient: ReturnType<typeof createTokenClient> | undefined;
  authentication.createUserTokenClient = (identity) => {
    tokenClient ??= createTokenClient(identity).catch((error: unknown) => {
      tokenClient = undefined;
      throw error;
    });
    return tokenClient;
  };
}

class ReusingFactory extends ConnectorFactory {
  readonly #factory: ConnectorFactory;
  readonly #clients: Map<string, Promise<ConnectorClient>>;

  constructor(factory: ConnectorFactory, clients: Map<string, Promise<ConnectorClient>>) {
    super();
    this.#factory = factory;
    this.#clients = clients;
  }

  override create(serviceUrl: string, audience?: string): Promise<ConnectorClient> {
    const key = `${serviceUrl} ${audience ?? ''}`;
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    if (this.#clients.size >= MOST_CLIENTS) this.#clients.clear();
    const client = this.#factory.create(serviceUrl, audience).catch((error: unknown) => {
      this.#clients.delete(key);
      throw error;
    });
    this.#clients.set(key, client);
    return client;
  }
}
