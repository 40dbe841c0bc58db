// A real OpenID provider for the tests: oidc-provider with people who are made up. It is driven
// like any other, by its sign-in and consent forms.
//
//   node openid.mjs '{"clients": […], "people": {"login": {claims}}}'
//
// Prints its address. Two things it does on request, as an attacker or a careless operator would:
// POST /test/twist {claims, key}   what tokens say from now on, and with which key they are signed
// POST /test/rotate                other keys from now on
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import * as jose from 'jose';

const { clients, people } = JSON.parse(process.argv[2]);
let twist = {};
let keys;
let handler;

async function newKeys() {
  const pair = await jose.generateKeyPair('RS256', { extractable: true });
  const kid = `key-${Date.now()}-${Math.random()}`;
  const jwk = { ...(await jose.exportJWK(pair.privateKey)), use: 'sig', alg: 'RS256', kid };
  return { jwk, kid, privateKey: pair.privateKey };
}

// What a token says instead, signed as it was said.
async function twisted(token) {
  const { claims, key } = twist;
  const payload = { ...jose.decodeJwt(token), ...claims };
  for (const [name, value] of Object.entries(payload)) if (value === null) delete payload[name];
  const signed = (header, secret) => new jose.SignJWT(payload).setProtectedHeader(header).sign(secret);
  switch (key) {
    case 'none': {
      const part = (value) => jose.base64url.encode(JSON.stringify(value));
      return `${part({ alg: 'none' })}.${part(payload)}.`;
    }
    case 'secret':
      return signed({ alg: 'HS256' }, new TextEncoder().encode(clients[0].client_secret));
    case 'stranger':
      return signed({ alg: 'RS256', kid: keys.kid }, (await newKeys()).privateKey);
    default:
      return signed({ alg: 'RS256', kid: keys.kid }, keys.privateKey);
  }
}

function provider(issuer) {
  const made = new Provider(issuer, {
    clients,
    jwks: { keys: [keys.jwk] },
    cookies: { keys: ['only for tests'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    scopes: ['openid', 'profile', 'email', 'phone', 'national', 'work'],
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
      phone: ['phone_number', 'phone_number_verified'],
      national: ['national_id'],
      work: ['roles', 'agency'],
    },
    findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
  });
  made.use(async (ctx, next) => {
    await next();
    if (ctx.path === '/token' && ctx.body?.id_token && Object.keys(twist).length) {
      ctx.body = { ...ctx.body, id_token: await twisted(ctx.body.id_token) };
    }
  });
  return made.callback();
}

async function body(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text || '{}');
}

const server = createServer(async (request, response) => {
  if (request.url === '/test/twist') {
    twist = await body(request);
    response.end('{}');
  } else if (request.url === '/test/rotate') {
    keys = await newKeys();
    handler = provider(issuer);
    response.end('{}');
  } else {
    handler(request, response);
  }
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;
keys = await newKeys();
handler = provider(issuer);
console.log(issuer);
// Whoever started it goes away: so does it.
process.stdin.on('end', () => process.exit(0)).resume();
