import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** The issuer and endorsements of the tokens with which Teams' channel service signs its requests (Bot Connector authentication). */
const ISSUER = 'https://api.botframework.com';
const CHANNELS = ['msteams', 'directline'];

export interface TokenOptions {
  readonly audience: string;
  readonly serviceUrl: string;
  readonly issuer?: string;
  readonly expiresIn?: string;
  /** Sign with a key that the service never published, under the name of the one it did. */
  readonly withOtherKey?: boolean;
}

/**
 * A fake of the service that publishes the keys of Bot Framework's tokens: a loopback server that speaks the real protocol
 * (OpenID Connect discovery and a JSON Web Key Set, RFC 7517), and signs tokens as the service does.
 */
export class FakeEntra {
  readonly #server: Server;
  readonly #key: CryptoKey;
  readonly #otherKey: CryptoKey;
  /** What signatures are checked with, as anyone may read it. */
  readonly publicPem: string;
  /** What whoever asks for a token is refused with, as Entra words it: `AADSTS7000222: …`. */
  refusal: string | undefined;
  /** The secret of the bot, and what a managed identity's endpoint wants to be asked with. */
  readonly secret = 'zqxvkjsecret-of-the-bot';
  /** How often each document was asked for. */
  readonly asked: string[] = [];

  private constructor(key: CryptoKey, otherKey: CryptoKey, jwk: object, publicPem: string) {
    this.#key = key;
    this.#otherKey = otherKey;
    this.publicPem = publicPem;
    this.#server = createServer((request, response) => {
      this.asked.push(request.url ?? '');
      if (/\/oauth2\/v2\.0\/token$|^\/msi\/token\?/u.test(request.url ?? '')) return void this.#give(request, response);
      const documents: Record<string, object> = {
        '/v1/.well-known/openidconfiguration': {
          issuer: ISSUER,
          jwks_uri: `${this.address}/v1/keys`,
          id_token_signing_alg_values_supported: ['RS256'],
        },
        '/v1/keys': {
          keys: [
            { ...jwk, kid: 'key-1', use: 'sig', alg: 'RS256', endorsements: CHANNELS },
            { ...jwk, kid: 'key-2', use: 'sig', alg: 'RS256', endorsements: ['webchat'] },
          ],
        },
      };
      const document = documents[request.url ?? ''];
      // restify replaces writeHead for the whole process, and its own returns nothing to chain on.
      response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(document ?? {}));
    });
  }

  /** Tokens for a client's secret (OAuth 2.0, RFC 6749 section 4.4), and for a managed identity as Container Apps gives them. */
  async #give(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    const isManaged = request.method === 'GET';
    const asked = isManaged ? request.headers['x-identity-header'] : form.get('client_secret');
    const why = this.refusal ?? (asked === this.secret ? undefined : 'AADSTS7000215: Invalid client secret provided.');
    const expires = Math.floor(Date.now() / 1_000) + 3_600;
    // restify replaces writeHead for the whole process, and its own returns nothing to chain on.
    response.writeHead(why === undefined ? 200 : 401, { 'content-type': 'application/json' });
    const given = { access_token: 'zqxvkjtoken', token_type: 'Bearer', expires_in: 3_600, expires_on: String(expires) };
    response.end(JSON.stringify(why === undefined ? given : { error: 'invalid_client', error_description: why }));
  }

  static async start(): Promise<FakeEntra> {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const other = await generateKeyPair('RS256');
    const entra = new FakeEntra(privateKey, other.privateKey, await exportJWK(publicKey), await exportSPKI(publicKey));
    await new Promise<void>((resolve) => entra.#server.listen(0, '127.0.0.1', resolve));
    return entra;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get openIdMetadataUrl(): string {
    return `${this.address}/v1/.well-known/openidconfiguration`;
  }

  /** A token as the channel service would send it in the `Authorization` header. */
  token({
    audience,
    serviceUrl,
    issuer = ISSUER,
    expiresIn = '1h',
    withOtherKey = false,
  }: TokenOptions): Promise<string> {
    return new SignJWT({ serviceurl: serviceUrl })
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1', typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setNotBefore('-1m')
      .setExpirationTime(expiresIn)
      .sign(withOtherKey ? this.#otherKey : this.#key);
  }

  /** Any token at all, signed with the key that the service has published. */
  signed(claims: JWTPayload, header: { readonly alg?: string; readonly kid?: string } = {}): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1', typ: 'JWT', ...header })
      .sign(this.#key);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
