// An OpenID provider that others wrote, set up like the realm `admin` of a platform of the 1.0 line: a token endpoint
// at Keycloak's path, JWT access tokens, the password grant (which the provider leaves to whoever runs it) and its own
// refresh tokens. Prints its issuer when it listens; ends with its stdin.
//
//   node server.mjs SECONDS      how long access tokens last
import { createServer } from "node:http";
import { generateKeyPairSync } from "node:crypto";
import Provider, { errors } from "oidc-provider";

const realm = "/auth/realms/admin";
const platform = "urn:platform";
const life = Number(process.argv[2] ?? 300);
const users = { admin: process.env.PROVIDER_SECRET };

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}${realm}`;
  const provider = new Provider(issuer, configuration());
  provider.registerGrantType("password", (ctx) => password(provider, ctx), ["username", "password"]);
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (!request.url.startsWith(`${realm}/`)) {
      response.writeHead(404).end();
      return;
    }
    request.originalUrl = request.url;
    request.baseUrl = realm;
    request.url = request.url.slice(realm.length);
    answer(request, response);
  });
  console.log(issuer);
});
process.stdin.resume().on("end", () => process.exit());

function configuration() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const client = {
    token_endpoint_auth_method: "none",
    redirect_uris: [],
    response_types: [],
  };
  return {
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256" }] },
    clients: [
      { ...client, client_id: "dev-test-cli", grant_types: ["password", "refresh_token"] },
      { ...client, client_id: "gui", grant_types: ["refresh_token"] },
    ],
    routes: { token: "/protocol/openid-connect/token", jwks: "/protocol/openid-connect/certs" },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => platform,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: "x509",
          accessTokenFormat: "jwt",
          accessTokenTTL: life,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
    extraTokenClaims: (_, token) => ({ preferred_username: token.accountId }),
    findAccount: (_, id) => (id in users ? { accountId: id, claims: () => ({ sub: id }) } : undefined),
    rotateRefreshToken: true,
    ttl: { RefreshToken: 1800, Grant: 36000 },
  };
}

async function password(provider, ctx) {
  const { client, params } = ctx.oidc;
  if (!(params.username in users) || users[params.username] !== params.password) {
    throw new errors.InvalidGrant("invalid credentials");
  }
  const accountId = params.username;
  const grant = new provider.Grant({ clientId: client.clientId, accountId });
  grant.addOIDCScope("openid offline_access");
  grant.addResourceScope(platform, "x509");
  const grantId = await grant.save();
  const common = { accountId, client, grantId, gty: "password", scope: "openid offline_access x509" };
  const access = new provider.AccessToken({ ...common, scope: "x509" });
  const { getResourceServerInfo } = configuration().features.resourceIndicators;
  access.resourceServer = new provider.ResourceServer(platform, getResourceServerInfo());
  const refresh = new provider.RefreshToken({ ...common, resource: platform });
  ctx.body = {
    access_token: await access.save(),
    expires_in: access.expiration,
    refresh_token: await refresh.save(),
    token_type: access.tokenType,
  };
}
