// An OpenID Connect server without passwords. Arguments: port, client id, client secret, redirect URI.
// Who its people are comes in on standard input, "login|email|verified|name" a line, and each line is answered "known".
import { createInterface } from 'node:readline'
import Provider from 'oidc-provider'

const [port, clientId, clientSecret, redirectUri] = process.argv.slice(2)
// The library's advice for production would stand between the answers.
console.info = console.warn = () => {}

const people = new Map()

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  cookies: { keys: ['a key of these tests'] },
  findAccount: (_context, login) => ({ accountId: login, claims: () => ({ sub: login, ...people.get(login) }) }),
})
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'))
const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  const [login, email, verified, name] = line.split('|')
  people.set(login, { email, email_verified: verified === 'verified', name })
  console.log('known')
})
// The parent closes standard input when it ends, however it ends.
lines.on('close', () => process.exit())
